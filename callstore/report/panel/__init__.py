"""What the panel of a verdict says beside the headline: the numbers that carry it."""
