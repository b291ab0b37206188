"""That the log is what was written: the guard, each row's digest, seals over all of them."""
