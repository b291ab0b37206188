"""The bar above the results: how many, of which time, as which file."""
