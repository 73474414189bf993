"""The twelve agents: they read, reason and propose; they never act."""
