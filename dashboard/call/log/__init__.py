"""The log of a call as a reader is shown it: its events, and one of them closely."""
