"""What a sideband reflects is kept a stretch at a time; nothing of it is lost, and no stretch has a hole."""

from ingest.dialects.openai.frames import frame
from ingest.dialects.openai.gathering import Gathering
from tests.ingest.dialects.openai.test_compaction import SILENCE, packed, received, said, vowel

PIECE_S = 0.02


def kept(*told, start=100.0):
    """What a socket keeps of (event, seconds since the one before)."""
    gathering, came, found = Gathering(), start, []
    for event, later in told:
        came += later
        found += gathering.take(event, came)
    return found + gathering.rest()


def test_a_second_of_pieces_is_one_event():
    [first, second] = kept(*[(received(vowel(20)), PIECE_S)] * 75)
    assert (first.event["frames"], first.event["audio_ms"], first.event["speech"]) == (50, 1000.0, "1" * 50)
    assert (second.event["frames"], round(second.came, 2)) == (25, 101.5)


def test_a_stretch_has_no_hole():
    late = kept((received(vowel(20)), 0), (received(vowel(20)), PIECE_S), (received(SILENCE), 0.5))
    assert [k.event["speech"] for k in late] == ["11", "00"]
    assert [round(k.came, 2) for k in late] == [100.02, 100.52]
    dropped = kept((said(vowel(20), 0), 0), (said(vowel(20), 20), PIECE_S), (said(vowel(20), 200), PIECE_S))
    assert [(k.event["start_ms"], k.event["end_ms"]) for k in dropped] == [(0, 40), (200, 220)]


def test_both_sides_are_gathered_apart_and_other_events_are_kept_at_once():
    closed = {"type": "session.closed", "reason": "expired"}
    first, *others = kept((received(vowel(20)), 0), (said(vowel(20), 0), 0), (closed, 0))
    assert first.event is closed
    assert {k.event["type"] for k in others} == {"session.input_audio.append", "session.output_audio.delta"}


def test_a_stretch_is_a_fact_as_long_as_its_pieces():
    [stretch] = kept(*[(received(SILENCE), 0.04), (received(vowel(40)), 0.04)])
    fact = frame("c", stretch.event["type"], stretch.event)
    assert (fact.side, fact.duration_s, fact.speech) == ("caller", 0.08, ((0.04, 0.08),))


def test_the_length_of_the_agents_audio_is_known_once_the_session_told_its_format():
    delta = {"type": "response.output_audio.delta", "response_id": "r", "delta": packed(bytes(480))}
    ga = {"type": "session.created", "session": {"audio": {"output": {"format": {"type": "audio/pcmu"}}}}}
    beta = {"type": "session.updated", "session": {"output_audio_format": "pcm16"}}
    told = kept(
        (delta, 0), (ga, 0), (delta, 0), (beta, 0), (delta, 0), ({"type": "session.updated"}, 0), (delta, 0)
    )
    lengths = [k.event.get("audio_ms") for k in told if k.event["type"] == delta["type"]]
    assert lengths == [None, 60.0, 10.0, 10.0]
