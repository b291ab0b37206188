"""The page of one call: its timeline as lanes and marks, its figure, its words."""
