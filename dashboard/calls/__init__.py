"""The list of calls: its address, its rows, what is wrong with a query, and what to do where nothing is."""
