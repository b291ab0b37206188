"""The length of a reply's sound, by its bytes and the format that the session was given."""

import base64

import pytest

from callstore.domain.call.fold import fold
from callstore.rehearsal.evaluation.evaluate import recorded
from ingest.providers.provider import normalise
from tests.ingest import deliveries as given

CALL = "rtc_1"
GA = "response.output_audio.delta"


def frames(*events, connection="c1"):
    """Frames as a forwarder brings them, each in a delivery of its own."""
    drafts = []
    for number, event in enumerate(events, 1):
        data = {
            "call_id": CALL, "connection_id": connection, "seq": number,
            "received_at": f"2026-04-13T00:18:{10 + number}.000Z", "event": event,
        }  # fmt: skip
        element = {
            "specversion": "1.0", "id": f"{connection}-{number}", "source": "/voice",
            "type": "realtime.frame", "subject": f"openai:{CALL}", "data": data,
        }  # fmt: skip
        drafts += normalise(given.cloud(element))
    return drafts


def session(drafts):
    return fold([recorded(draft, n) for n, draft in enumerate(drafts, 1)]).sessions[CALL]


def audio(size, kind=GA):
    return {"type": kind, "response_id": "r", "delta": base64.b64encode(bytes(size)).decode()}


def negotiated(name):
    return {
        "type": "session.created",
        "session": {"id": "s", "audio": {"output": {"format": {"type": name}}}},
    }


@pytest.mark.parametrize(
    ("first", "ms"),
    [
        (negotiated("audio/pcm"), 1000 / 3),
        (negotiated("audio/pcmu"), 2000.0),
        (negotiated("audio/pcma"), 2000.0),
        ({"type": "session.created", "session": {"id": "s", "output_audio_format": "pcm16"}}, 1000 / 3),
    ],
)
def test_forwarded_audio_has_the_length_that_its_bytes_have_in_the_sessions_format(first, ms):
    found = session(frames(first, audio(8_000), audio(8_000)))
    assert found.sound == {("r", "c1"): pytest.approx(ms, abs=0.2)}


def test_without_a_known_format_its_length_is_unknown():
    assert session(frames(audio(8_000))).sound == {}
    assert session(frames(negotiated("audio/opus"), audio(8_000))).sound == {}


def test_two_sockets_that_carry_the_same_sound_do_not_make_it_longer():
    told = [
        draft
        for connection in ("c1", "c2")
        for draft in frames(negotiated("audio/pcmu"), audio(800), connection=connection)
    ]
    assert session(told).sound == {("r", "c1"): 100.0, ("r", "c2"): 100.0}
