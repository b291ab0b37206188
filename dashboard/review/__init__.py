"""Review of calls: who may decide, one call or many at once, and what the pages show of it."""
