"""Run the command line: `python -m corsmith`."""

from corsmith.cli import main

main()
