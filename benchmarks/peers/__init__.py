"""What our own is measured beside."""
