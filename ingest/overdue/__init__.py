"""Calls of which nothing was heard for longer than a call lasts, entered as such."""
