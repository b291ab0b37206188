"""Months of the log: made before they are needed, and retired with their calls."""
