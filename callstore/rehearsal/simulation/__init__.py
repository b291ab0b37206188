"""Calls that never happened, told exactly as the providers would have told them."""
