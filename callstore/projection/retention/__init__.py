"""Calls that are erased or retired, in the read models."""
