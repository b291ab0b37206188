"""Pages on an event loop: Django in a bounded number of threads, stopped when the reader has gone."""
