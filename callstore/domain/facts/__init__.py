"""Facts: what can be recorded, when it happened, by whose clock, and in which order it is folded."""
