"""Sigma in our own words: load, compile, match, explain."""
