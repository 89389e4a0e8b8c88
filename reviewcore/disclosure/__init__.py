"""Disclosure control: the one door through which anything goes out."""
