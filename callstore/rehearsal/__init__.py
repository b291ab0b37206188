"""Calls that are replayed, simulated or labelled: a demo to look at, and how right the verdicts are."""
