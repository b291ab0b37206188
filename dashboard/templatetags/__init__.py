"""How cells, icons and moments look, as template tags."""
