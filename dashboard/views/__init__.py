"""Saved views: the bar above the list, the page of all of them, and the permalink of each."""
