"""What leaves the house with numbers, names and words disguised."""
