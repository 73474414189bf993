"""Records the demo: real daemons in network namespaces, ordinary work, and an attack among it."""
