"""The compiled matcher: the oracle's answers, at the speed of a literal search."""
