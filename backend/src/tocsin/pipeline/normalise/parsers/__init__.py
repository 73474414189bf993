"""One file a log source: a record in, native fields out."""
