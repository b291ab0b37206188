"""Sheets: the calls that began in six hours, counted once, so that months are added up and not read."""
