"""The client of Valkey, before one whose kernel takes what is sent and who says nothing."""

import socket
from collections.abc import Iterator
from time import monotonic

import pytest
from redis import Redis, RedisError

from callstore.base import valkey

PATIENCE_S = 0.3


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    monkeypatch.setattr(valkey, "PATIENCE_S", PATIENCE_S)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield valkey.client(f"redis://127.0.0.1:{listening.getsockname()[1]}/0")


def asked(client: Redis, times: int) -> float:
    """For how many seconds so many questions in a row waited in vain."""
    began = monotonic()
    for _ in range(times):
        with pytest.raises(RedisError):
            client.get("anything")
    return monotonic() - began


def test_who_asks_many_things_of_a_silent_one_waits_once(silent: Redis) -> None:
    assert PATIENCE_S <= asked(silent, 10) < 2 * PATIENCE_S


def test_a_moment_later_it_is_asked_again(silent: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(valkey, "AGAIN_AFTER_S", 0.0)
    assert asked(silent, 2) >= 2 * PATIENCE_S
