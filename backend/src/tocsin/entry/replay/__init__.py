"""The whole pipeline over files, in memory."""
