"""Logging in: the page, who may try how often, and whose passwords count."""
