"""Names that only the outside uses, so that check_dead_code does not report them."""
