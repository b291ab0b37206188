"""Recorded calls in folders: read, moved to another time, sent to an instance."""
