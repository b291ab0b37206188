from tests.eventlog.conftest import empty_log  # noqa: F401  (a fixture)
