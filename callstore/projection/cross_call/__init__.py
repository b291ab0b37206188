"""What calls show together, kept beside the calls and joined when one is read."""
