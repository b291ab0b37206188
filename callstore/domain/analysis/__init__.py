"""What a folded call shows: recordings aligned, speech heard or lost, who acted, and how it ended."""
