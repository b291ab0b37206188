"""Django's Postgres backend, with a pool that asks the server nothing before it lends a connection."""
