"""The pure core: what happened, in which order, what it adds up to. No Django, no I/O, no clock."""
