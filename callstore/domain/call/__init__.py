"""A call as its facts add up: folded from them in order, every statement with its place in the log."""
