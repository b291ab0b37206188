"""Alerts: a query that is asked every minute, and who is told when its answer passes a threshold."""
