"""Lets `python -m reviewcore` be the command line."""

from reviewcore.cli import main

main()
