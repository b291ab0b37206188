"""Recordings: fetched, heard, and the words in their gaps read."""
