"""What every benchmark is run with: servers, comparisons, load, limits."""
