"""Our own observer of the AI's side: attaches to sessions, listens, and never says a word."""
