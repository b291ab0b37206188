"""Silero's voice detector, laid out so that a stretch of sound is one run: the model, and how it was made."""
