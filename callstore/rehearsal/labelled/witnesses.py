"""What of a call reaches us: without some of the witnesses, in disorder, twice, by a clock that is off."""

from collections.abc import Iterable
from dataclasses import replace
from random import Random
from typing import Any

import orjson

from callstore.domain.facts.clock import iso, unix
from callstore.rehearsal.labelled.scene import NO_DIAL_ACTION, NO_SIDEBAND, Scene
from callstore.rehearsal.simulation.ids import Ids
from callstore.rehearsal.simulation.legs import Legs
from callstore.rehearsal.simulation.stage import stamp
from ingest.providers.delivery import Delivery

DISORDERED, LATE, LATE_S, TWICE = 0.2, 0.3, 20.0, 0.3
OURS = ("realtime.", "app.")
ACTION = rb" action=\"https://calls.example.com/hooks/twilio/voice/dial-action?route=ai\""
API = "https://api.twilio.com/2010-04-01/Accounts"


def deliveries(of: Scene) -> list[Delivery]:
    """The call's deliveries as its witnesses sent them, in the order of arrival."""
    if of.recorded:
        _tell_of_recording(of, of.played.legs, *of.recorded)
    if of.witnesses == "no_recording" and of.transcribed:
        _tell_of_words(of, of.played.legs)
    sent: Iterable[Delivery] = of.played.told().deliveries
    if of.witnesses in NO_SIDEBAND:
        sent = _app_only(sent, lambda event: not event["type"].startswith(OURS))
    if of.witnesses in NO_DIAL_ACTION:
        sent = [one for one in sent if "dial-action" not in one.path]
        sent = _app_only(sent, lambda event: "dial-action" not in event["data"].get("url", ""))
        sent = [replace(one, body=one.body.replace(ACTION, b"")) for one in sent]
    if of.witnesses == "lossy":
        sent = _lossy(list(sent), of.rng)
    sent = [_skewed(one, of.skew_s) for one in sent]
    if of.rng.random() < DISORDERED:
        of.conditions.add("disorder")
        sent = [late for one in sent for late in _disordered(one, of.rng)]
    return sorted(sent, key=lambda one: one.received_at)


def _tell_of_recording(of: Scene, legs: Legs, start: float, end: float) -> None:
    """The callbacks about the recording: whole seconds, cut."""
    rng = of.rng
    sid, channels = Ids(rng).twilio("RE"), "1" if of.witnesses == "mono" else "2"
    told = {
        "RecordingSource": "DialVerb",
        "RecordingTrack": "both",
        "RecordingSid": sid,
        "RecordingUrl": f"{API}/{legs.stage.account}/Recordings/{sid}",
        "RecordingChannels": channels,
        "ErrorCode": "0",
        "CallSid": legs.parent,
        "RecordingStartTime": stamp(start),
        "AccountSid": legs.stage.account,
    }
    path = "/hooks/twilio/recording-status"
    legs.stage.twilio(start, path, {**told, "RecordingStatus": "in-progress"})
    done = {**told, "RecordingStatus": "completed", "RecordingDuration": str(round(end - start))}
    legs.stage.twilio(end + rng.uniform(2.0, 9.0), path, done)


def _tell_of_words(of: Scene, legs: Legs) -> None:
    """Twilio's real-time transcription of the caller's leg: what it heard, some tenths after it was said."""
    rng = Random(f"words:{of.number}")
    told = {
        "AccountSid": legs.stage.account,
        "CallSid": legs.parent,
        "TranscriptionSid": Ids(rng).twilio("GT"),
        "LanguageCode": "en-US",
        "TranscriptionEngine": "google",
    }
    path, answered = "/hooks/twilio/transcription", of.leg[0]
    started = {**told, "TranscriptionEvent": "transcription-started", "Track": "both_tracks"}
    legs.stage.twilio(answered + 0.1, path, {**started, "SequenceId": "1", "Timestamp": iso(answered)})
    sides = {"caller": "inbound_track", "agent": "outbound_track"}
    spoken = [words for words in of.words if words.text and of.leg[0] <= words.start < of.leg[1]]
    for number, words in enumerate(sorted(spoken, key=lambda one: one.end), 2):
        until = min(words.end, of.leg[1])
        said = words.text[: round(len(words.text) * (until - words.start) / (words.end - words.start))]
        at = until + rng.uniform(0.5, 1.0)
        data = orjson.dumps({"transcript": said, "confidence": 0.9}).decode()
        heard = {**told, "TranscriptionEvent": "transcription-content", "TranscriptionData": data}
        place = {"SequenceId": str(number), "Timestamp": iso(at), "Track": sides[words.who], "Final": "true"}
        legs.stage.twilio(at + 0.3, path, {**heard, **place})


def _app_only(sent: Iterable[Delivery], kept: Any) -> list[Delivery]:
    """The application's batches with only the events that are kept."""
    left = []
    for one in sent:
        if one.door != "app":
            left.append(one)
        elif events := [event for event in _events(one) if kept(event)]:
            left.append(_with(one, events))
    return left


def _lossy(sent: list[Delivery], rng: Random) -> list[Delivery]:
    """One or two callbacks of Twilio's never reach us, and neither do their repeats."""
    doomed = {
        rng.choice([one.body for one in sent if one.door == "twilio"]) for _ in range(rng.randrange(1, 3))
    }
    return [one for one in sent if one.body not in doomed]


def _skewed(one: Delivery, by: float) -> Delivery:
    """Everything that the application stamps, by its own clock."""
    if one.door != "app":
        return one
    events = _events(one)
    for event in events:
        event["time"] = iso(unix(event["time"]) + by)
        if "received_at" in event["data"]:
            event["data"]["received_at"] += round(by * 1000)
    return _with(one, events)


def _disordered(one: Delivery, rng: Random) -> Iterable[Delivery]:
    late = rng.uniform(0.0, LATE_S) if rng.random() < LATE else 0.0
    yield replace(one, received_at=round(one.received_at + late, 3))
    if rng.random() < TWICE:
        yield replace(one, received_at=round(one.received_at + rng.uniform(0.1, 60.0), 3))


def _events(one: Delivery) -> list[dict[str, Any]]:
    found = orjson.loads(b"[" + b",".join(one.body.splitlines()) + b"]")
    return found[0] if found and isinstance(found[0], list) else found


def _with(one: Delivery, events: list[dict[str, Any]]) -> Delivery:
    if one.body.lstrip().startswith(b"["):
        return replace(one, body=orjson.dumps(events))
    return replace(
        one, body=b"".join(orjson.dumps(event, option=orjson.OPT_APPEND_NEWLINE) for event in events)
    )
