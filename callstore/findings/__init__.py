"""Rules: a folded call in, findings and a verdict out. Pure; rules do not know each other."""
