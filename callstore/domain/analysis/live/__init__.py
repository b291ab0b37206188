"""A Live session on the wall's clock: when it began, when it was given silence, what reached it."""
