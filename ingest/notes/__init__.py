"""Notes that people write of calls, as facts."""
