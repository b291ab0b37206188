from tests.dashboard.conftest import reader  # noqa: F401  (fixture)
