"""The numbers of many calls at once: of a query and a time, against the time before."""
