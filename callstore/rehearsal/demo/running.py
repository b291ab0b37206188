"""Calls that run while somebody looks: by the doors, their sessions by a sideband that `watch` observes."""

import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, islice
from typing import Any

import orjson

from callstore.domain.facts.clock import unix
from callstore.rehearsal.scenarios import scenario as scenarios
from callstore.rehearsal.scenarios.scenario import Scenario
from callstore.rehearsal.scenarios.sending import SendingFailed, moved_to_now, offer_recording, send
from callstore.rehearsal.sideband.script import Play, Said, Script
from callstore.rehearsal.sideband.server import Sideband
from ingest.providers.delivery import Delivery

NAMES = ("natural_end", "drop_mid_speech", "caller_hangup", "tail_loss", "server_error")
MOST = 30  # calls: an hour of them
EVERY_S = 120.0
OBSERVED = frozenset({"realtime.frame", "realtime.socket.opened", "realtime.socket.closed"})


def run(url: str, port: int) -> Iterator[str]:
    """Have a call every other minute, with a sideband at this port; yields the name of each as it begins."""
    sideband = Sideband({})
    with sideband.in_thread(port):
        for name in islice(cycle(NAMES), MOST):
            began = time.monotonic()
            yield name
            play(scenarios.load(name), url, sideband)
            time.sleep(max(0.0, began + EVERY_S - time.monotonic()))


def play(recorded: Scenario, url: str, sideband: Sideband) -> None:
    """Have the call now, as fast as it was; an instance that is away meanwhile misses what comes then."""
    call = moved_to_now(recorded, 1.0)
    sideband.scripts.update(scripts(call))
    try:
        offer_recording(call, url)
        for _ in send(unobserved(call), url, 1.0):
            pass
    except SendingFailed:
        return


def unobserved(call: Scenario) -> Scenario:
    """The call without what an application forwards of its sockets."""
    kept = []
    for delivery in call.deliveries:
        if delivery.door == "app":
            events = [event for event in _events(delivery) if event["type"] not in OBSERVED]
            delivery = replace(delivery, body=orjson.dumps(events))
            if not events:
                continue
        kept.append(delivery)
    return replace(call, deliveries=tuple(kept))


def scripts(call: Scenario) -> dict[str, Script]:
    """What the call's sessions said, by their ids, each since it was offered, whenever somebody attaches."""
    offered = next((d.received_at for d in call.deliveries if d.door == "openai"), None)
    heard: dict[str, list[dict[str, Any]]] = {}
    for delivery in call.deliveries:
        for event in _events(delivery) if delivery.door == "app" else ():
            if event["type"] in OBSERVED:
                heard.setdefault(event["data"]["call_id"], []).append(event)
    return {
        id: Script.of(_play(sorted(events, key=_at), offered or _at(events[0])), not_yet=1)
        for id, events in heard.items()
    }


def _play(events: list[dict[str, Any]], at: float) -> Play:
    frames, began_at = [], at
    for event in events:
        if event["type"] == "realtime.frame":
            frames.append(Said(orjson.dumps(event["data"]["event"]).decode(), max(0.0, _at(event) - at)))
            at = max(at, _at(event))
    closes = [event for event in events if event["type"] == "realtime.socket.closed"]
    close = (closes[-1]["data"].get("rcvd") if closes else None) or {}
    stays_s = max(0.0, _at(closes[-1]) - at) if closes else 0.0
    return Play(frames, close.get("code"), close.get("reason") or "", stays_s, began_at)


def _at(event: dict[str, Any]) -> float:
    return unix(event["time"])


def _events(delivery: Delivery) -> list[dict[str, Any]]:
    read = orjson.loads(delivery.body)
    return read if isinstance(read, list) else [read]
