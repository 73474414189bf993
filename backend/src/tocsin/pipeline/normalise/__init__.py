"""Records become events: recognise the format, parse, name the fields."""
