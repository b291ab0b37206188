"""What people decide about calls, in the rows that readers filter, and how often they agree with verdicts."""
