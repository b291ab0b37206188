"""What to do with a caller whose AI leg has just ended."""
