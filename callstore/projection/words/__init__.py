"""What was said in calls, kept so that a word of it is found without reading every call."""
