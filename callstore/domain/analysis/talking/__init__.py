"""Who spoke when, caller and agent on one axis, and the numbers of their conversation."""
