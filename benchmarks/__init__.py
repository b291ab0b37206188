"""Every benchmark beside its peers: `make bench` runs all, `python -m benchmarks NAME…` some.

A benchmark is a module here with a `main()` that prints what it measured (Markdown tables are kept as
such). It runs in a process of its own, with DATABASE_URL of a fresh, migrated database on a durable
cluster of its own, ADMIN_DATABASE_URL of the same for a superuser, and REDIS_URL.
"""
