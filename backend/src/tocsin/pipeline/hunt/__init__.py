"""The query language and saved hunts."""
