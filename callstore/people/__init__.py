"""What people decide about calls: never in a table that may be dropped and rebuilt."""
