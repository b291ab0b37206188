"""Cells of the list beyond the usual ones, and the values that stand in cells."""
