"""Pieces of an utterance that wait for the log are one event in the end, and nothing of them is lost."""

import json

from ingest.dialects.app import bodies
from ingest.watch.observed import Connection
from ingest.watch.pieces import MOST, Pieces

NOW = 1_790_000_000.0


def piece(delta, n, item="item_1", kind="response.output_audio_transcript.delta"):
    event = {"type": kind, "event_id": f"event_{n}", "response_id": "r", "item_id": item, "delta": delta}
    return json.dumps(event).encode()


def waiting(*raws, connection=None):
    """What a connection puts for these frames while nothing is taken."""
    connection = connection or Connection("rtc_1", "observer")
    return [kept for raw in raws for kept in connection.frames(raw)]


def drafts(kept):
    elements = [each.element() if isinstance(each, Pieces) else each for each in kept]
    return list(bodies.of_elements(elements, NOW).drafts)


def test_pieces_that_wait_are_one_event_with_all_that_each_of_them_told():
    kept = drafts(waiting(*(piece(word, n) for n, word in enumerate(["And ", "then ", "we ", "shall"]))))
    assert [(draft.event.text, draft.event.pieces, draft.sequence) for draft in kept] == [
        ("And ", 1, 1),
        ("then we shall", 3, 2),
    ]
    told = json.loads(kept[1].raw)["data"]
    assert [(each["event_id"], each["delta"]) for each in told["pieces"]] == [
        ("event_1", "then "),
        ("event_2", "we "),
        ("event_3", "shall"),
    ]
    assert told["received_at"] == told["pieces"][-1]["received_at"] >= told["pieces"][0]["received_at"] > 0
    assert all(each["monotonic_ms"] > 0 for each in told["pieces"])


def test_the_first_piece_of_an_utterance_is_kept_with_its_own_moment():
    assert [draft.event.pieces for draft in drafts(waiting(piece("a", 1), piece("b", 2)))] == [1, 1]


def test_a_piece_that_nothing_waits_before_is_the_frame_as_it_came():
    connection = Connection("rtc_1", "observer")
    for n in range(3):
        [kept] = connection.frames(piece("word ", n))
        kept.taken = True  # a batch has it
        assert kept.element()["data"]["event"] == json.loads(piece("word ", n))
        assert "pieces" not in kept.element()["data"]


def test_what_comes_between_ends_what_is_joined_and_so_does_another_utterance_or_a_long_wait():
    between = json.dumps({"type": "rate_limits.updated"}).encode()
    first = [piece("a", 1), piece("b", 2), piece("c", 3)]
    assert [d.event.pieces for d in drafts(waiting(*first, between, piece("d", 4), piece("e", 5)))] == [
        1, 2, 1, 2,
    ]  # fmt: skip
    assert [d.event.pieces for d in drafts(waiting(*first, piece("d", 4, "item_2"), piece("e", 5)))] == [
        1, 2, 1, 1,
    ]  # fmt: skip
    assert [d.event.pieces for d in drafts(waiting(*(piece("a", n) for n in range(2 + MOST))))] == [
        1, MOST, 1,
    ]  # fmt: skip
    caller = "conversation.item.input_audio_transcription.delta"
    assert [d.event.pieces for d in drafts(waiting(*first, piece("d", 4, kind=caller)))] == [1, 2, 1]
