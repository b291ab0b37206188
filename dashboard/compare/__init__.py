"""Two calls side by side: their lanes on one axis, what was set differently, their numbers and verdicts."""
