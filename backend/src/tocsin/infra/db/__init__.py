"""The relational store: engines, sessions, and the one place that commits."""
