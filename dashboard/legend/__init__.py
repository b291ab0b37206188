"""What each chip of the pages means: one text a chip, its thresholds those by which it is given."""
