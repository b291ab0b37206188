"""The table of marks and the transcript of a call: of a long one a window of rows at a time."""
