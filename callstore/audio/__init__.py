"""Samples in, speech spans and peaks out. No files, no network."""
