"""The spool: verified deliveries on disk while the log cannot take them, and their way into it."""
