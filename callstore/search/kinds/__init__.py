"""What keys ask that no column of theirs alone tells, a module an idea."""
