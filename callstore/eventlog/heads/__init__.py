"""Heads: of every trace of a call how many events it has, how far its reader is, and who works on it."""
