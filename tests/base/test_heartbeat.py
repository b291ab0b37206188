"""Who says it is alive, and who asks."""

import pytest

from callstore.base import heartbeat
from callstore.base.valkey import client, valkey


@pytest.fixture(autouse=True)
def silence():
    """Nobody is alive."""
    valkey().delete("callstore:alive:relay", "callstore:alive:worker")


def test_who_beat_is_alive_and_nobody_else():
    heartbeat.beat("relay")
    assert heartbeat.alive(["relay", "worker"]) == {"relay"}


def test_a_process_of_an_older_version_is_heard():
    valkey().set("callstore:alive:worker", 1, ex=12)
    assert heartbeat.alive(["relay", "worker"]) == {"worker"}


def test_a_heartbeat_goes_stale_by_itself_after_more_than_three_beats():
    heartbeat.beat("worker")
    assert 3 * heartbeat.BEAT_EVERY_S < valkey().ttl("callstore:alive:worker") <= 12


def test_without_valkey_a_beat_is_lost_and_whoever_asks_is_told(monkeypatch):
    nobody = client("redis://127.0.0.1:1/0")
    monkeypatch.setattr(heartbeat, "valkey", lambda: nobody)
    heartbeat.beat("relay")
    assert heartbeat.alive(["relay"]) is None
