"""The world of every test: demo secrets, a real Postgres and a real Valkey. Nothing clever."""

import os

# Before anything reads the settings. pytest-django finds them in pytest_configure, which is later.
os.environ["DJANGO_SETTINGS_MODULE"] = "callstore.settings"
os.environ["CALLSTORE_DEMO"] = "1"
os.environ.setdefault("PUBLIC_BASE_URL", "http://testserver")

import django  # noqa: F401
