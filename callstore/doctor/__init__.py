"""What this set-up does not tell or does wrongly, read from the newest calls and the settings."""
