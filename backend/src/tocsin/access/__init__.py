"""Who you are, what you may, what you did."""
