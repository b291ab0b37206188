"""The log: one immutable table, its guard, append and read. It does not know that anybody projects."""
