"""One examination a file, and nothing else: to lie here is to be one, and its module's name is its key."""
