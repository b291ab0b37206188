"""Whether this instance is alive and ready."""
