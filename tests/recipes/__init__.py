"""The recipes of CONTRIBUTING.md, each followed once on a toy, so that it cannot rot."""
