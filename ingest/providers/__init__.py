"""One folder a provider; each is found by scanning."""
