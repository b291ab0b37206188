"""The axis of a call as its card and its figure need it: which lanes, in which rows, as which traces."""
