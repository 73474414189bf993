"""How the outside starts us; the only place that wires parts together."""
