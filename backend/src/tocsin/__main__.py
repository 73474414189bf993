"""`python -m tocsin` is the tocsin command."""

from tocsin.entry.cli.main import main

main()
