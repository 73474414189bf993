"""How we touch the world: databases, streams, caches, connectors, telemetry."""
