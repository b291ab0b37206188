"""Statements as the log sends them, and its SQL files."""
