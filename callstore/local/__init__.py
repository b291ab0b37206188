"""The whole system on one machine: `manage.py up`, its servers and its processes."""
