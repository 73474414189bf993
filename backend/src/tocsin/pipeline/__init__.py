"""The way of an event, in the order in which data flows."""
