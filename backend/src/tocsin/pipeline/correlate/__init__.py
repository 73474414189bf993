"""Alerts that belong together, and why."""
