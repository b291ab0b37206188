"""callstore keeps the whole story of a phone call: what every side said, in one log, on one axis."""
