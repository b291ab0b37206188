"""Lays out the conversations of a call: the numbers of the one that decides, and the others."""
