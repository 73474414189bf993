"""Bytes in: unpack containers, frame records, remember where each stood."""
