"""What every other package may use and none of them owns."""
