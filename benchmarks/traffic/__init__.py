"""Calls that nobody made, in any number, for benchmarks to send or append."""
