"""Calls that are erased or retired, where facts come in."""
