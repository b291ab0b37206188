"""All calls projected again: compared with what is stored, in place, or beside it and then swapped."""
