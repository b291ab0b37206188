"""Audio that a Live sideband reflects, from its base64 to the call: piece by piece, or gathered."""

from dataclasses import replace

import numpy as np
import pytest

from callstore.domain.facts.clock import Clock, Instant
from callstore.rehearsal.evaluation.evaluate import recorded
from callstore.report.report import report
from ingest.dialects.openai import sideband
from ingest.dialects.openai.gathering import Gathering
from ingest.dialects.openai.sideband import Envelope
from tests.builders import AI, at
from tests.ingest import deliveries as given
from tests.ingest.dialects.openai.test_compaction import received, said, vowel
from tests.live import LIVE_ZERO, held, started
from tests.live import said as wrote

CALLER = ("00:18:28", "00:18:31"), ("00:18:36", "00:18:40.5"), ("00:18:48", "00:18:51.8")
AGENT = ("00:18:25", "00:18:27"), ("00:18:32", "00:18:35")
START, END = at("00:18:24"), at("00:18:51.8")
PIECE_S = 0.02
VOICE = np.frombuffer(vowel(20), dtype="<i2")
HISS = np.random.default_rng(1).normal(0, 60, len(VOICE)).astype("<i2").tobytes()  # 55 dB under full scale


JUDGED = "gap_kind", "truncation_basis"
MEASURED = (
    "caller_speech_s", "untranscribed_caller_speech_s", "longest_gap_start_s", "longest_gap_end_s",
    "response_time_p50_s", "caller_talk_share",
)  # fmt: skip


def call():
    """The first turn is written down, the second and third are not; the application hangs up on the third."""
    story = wrote(started(), *CALLER[0], "Turn 0.")
    for span in AGENT:
        wrote(story, *span, "A reply.", side="agent")
    return story.api("00:18:51.8", "hangup")


def pieces():
    """Every 20 ms of both sides as the sideband sends it, and when it came."""
    for number in range(round((END - START) / PIECE_S)):
        moment = START + number * PIECE_S
        for side, spans in (("caller", CALLER), ("agent", AGENT)):
            speaks = any(at(start) <= moment < at(end) for start, end in spans)
            sound = VOICE.tobytes() if speaks else HISS
            offset = round((moment - at(LIVE_ZERO)) * 1000)
            yield (received(sound) if side == "caller" else said(sound, offset)), moment + PIECE_S


def forwarded():
    """Each as a frame of its own, by the application."""
    frames = [
        given.frame(event, call_id=AI, seq=number, received_at=round(came * 1000), connection_id="conn_9")
        for number, (event, came) in enumerate(pieces(), 1)
    ]
    return [replace(d, received_at=d.occurred.at) for d in given.facts(given.cloud(*frames))]


def gathered():
    """As an observer of our own keeps them."""
    gathering = Gathering()
    kept = [k for event, came in pieces() for k in gathering.take(event, came)] + gathering.rest()
    for number, (came, event) in enumerate(kept, 1):
        yield sideband.server_event(
            Envelope(
                source="app", subject=f"openai:{AI}", connection="conn_9", sequence=number,
                occurred=Instant(round(came, 3), Clock.RECEIVER), received_at=came, raw=b"{}",
            ),
            event,
        )  # fmt: skip


def document(story, drafts):
    return report([*story.records, *(recorded(d, n) for n, d in enumerate(drafts, 1000))])


@pytest.mark.parametrize("drafts", [forwarded, gathered])
def test_without_a_recording_the_reflected_audio_is_the_witness(drafts):
    told = document(call(), drafts())
    assert told["untranscribed_caller_speech_s"] == pytest.approx(8.3, abs=0.5)
    assert told["caller_speech_s"] == pytest.approx(11.3, abs=0.5)
    assert tuple(told[name] for name in JUDGED) == ("heard_not_transcribed", "ai_audio")
    assert "truncated" in told["flags"]


def test_it_is_the_same_piece_by_piece_and_gathered():
    one, other = document(call(), forwarded()), document(call(), gathered())
    assert other["event_count"] < one["event_count"] / 20
    spans = [[(s["start_s"], s["end_s"]) for s in told["heard_by_ai"]["speech"]] for told in (one, other)]
    assert spans[0] == [pytest.approx(span, abs=0.03) for span in spans[1]]
    for name in (*JUDGED, "turns", "replies", "verdict", "cause", "flags", "ended_first_by", "numbers_basis"):
        assert one[name] == other[name], name
    for name in MEASURED:
        assert one[name] == pytest.approx(other[name], abs=0.03), name


def test_in_a_muted_stretch_nothing_is_lost():
    story = held(call(), "mute", "00:18:35.5", "00:18:41")
    assert document(story, gathered())["untranscribed_caller_speech_s"] == pytest.approx(3.8, abs=0.5)


def test_silence_where_the_recording_has_speech_was_not_heard():
    story = call().heard("00:18:23", "00:18:52", *CALLER, ("00:18:44", "00:18:46.5"), agent=AGENT)
    gaps = {round(g["start_s"]): g["kind"] for g in document(story, gathered())["gaps"]}
    assert gaps == {44: "heard_not_transcribed", 52: "not_heard", 56: "heard_not_transcribed"}
