"""How many facts came from which source, and when: counted of the log by beat, and read by whoever asks."""
