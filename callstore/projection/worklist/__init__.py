"""The work list: which traces are behind, who works on them, and which were set aside."""
