"""Each test of the login begins as if nobody had tried yet."""

import pytest

from callstore.base.valkey import valkey


@pytest.fixture(autouse=True)
def nobody_has_tried():
    if counts := valkey().keys("callstore:login:*"):
        valkey().delete(*counts)
