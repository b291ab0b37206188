"""Who may do what: the one table of permissions, and who asks. dashboard/gate.py refuses by it."""
