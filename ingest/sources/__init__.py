"""How each source does: by what came of it, against its own hour of other days, and by what was refused."""
