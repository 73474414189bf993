"""Models: pure numbers."""
