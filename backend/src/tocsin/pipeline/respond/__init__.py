"""Actions that are planned, done, verified and undone."""
