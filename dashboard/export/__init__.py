"""The incident export: its columns, as CSV and as JSON lines."""
