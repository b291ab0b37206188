"""How a process of ours runs, whatever its work."""
