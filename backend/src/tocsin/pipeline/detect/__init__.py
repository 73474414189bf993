"""Rules over events: hits, windows, alerts."""
