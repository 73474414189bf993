"""Other products and services, one folder each, behind capability Protocols."""
