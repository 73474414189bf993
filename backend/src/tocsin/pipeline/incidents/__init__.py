"""One attack told as one incident."""
