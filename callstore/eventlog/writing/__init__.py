"""The one way into the log: a draft finds its home, becomes a row, and is appended."""
