"""Tocsin: an open XDR."""
