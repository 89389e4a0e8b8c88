"""Themes coded by people: a sheet for each coder, apart; their agreement; codes merged, and taken apart again."""
