"""The vocabulary that every other room speaks; no I/O."""
