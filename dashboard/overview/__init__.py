"""The page of numbers over many calls: charts, each with its table, and each number a way to its list."""
