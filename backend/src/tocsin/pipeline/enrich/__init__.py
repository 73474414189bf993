"""What we know of hosts, users, networks and indicators, laid beside an event."""
