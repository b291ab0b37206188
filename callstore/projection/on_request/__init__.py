"""What is folded from the log for whoever asks, and never stored."""
