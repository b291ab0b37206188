"""Calls of which nothing was heard for longer than a call mostly lasts, entered as such."""
