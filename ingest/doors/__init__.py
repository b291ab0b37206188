"""The doors: bare WSGI, one batch for many deliveries, verify, read, append, answer."""
