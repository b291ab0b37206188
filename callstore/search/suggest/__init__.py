"""What could stand at a place of a query that is being written. Nothing here is ever an error."""
