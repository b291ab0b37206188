"""The page of one call: what it says in ten seconds, to whom, and of how little."""

import re

import pytest

from dashboard.call.timeline import timeline
from dashboard.export.incident import redacted
from tests.dashboard.call.opened import put
from tests.dashboard.documents import put_call
from tests.dashboard.told import told


def test_the_page_says_why_the_founding_caller_was_cut_off(reader):
    text = reader.get(f"/calls/{put('founding_call')}").content.decode()
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))
    for words in (
        "The AI session fell silent while the caller was still speaking",
        "Truncated",
        "not heard by the AI",
        "No close of the AI session was observed",
        "Correlation defect, not the cause.",
        "Amplifier, not the cause.",
        "To settle this",
        "caller speaks, not heard by the AI",
        "11.1 s of caller speech, no transcript",
    ):
        assert words in said, words


def test_each_part_of_the_page_is_headed_once_by_what_it_holds(reader):
    text = reader.get(f"/calls/{put('founding_call')}").content.decode()
    heads = [re.sub(r"<[^>]+>", "", head).strip() for head in re.findall(r"<h[12].*?</h[12]>", text, re.S)]
    assert heads == [
        "The AI session fell silent while the caller was still speaking", "Timeline", "Lanes", "Player",
        "Evidence", "Transcript", "Review", "What is missing", "To settle this", "Seen too, did not decide",
        "What was known when", "All marks", "Legs and links", "Events in the log", "Keys",
    ]  # fmt: skip


def test_that_no_close_was_seen_is_told_in_the_sentence_as_evidence_and_as_missing_and_not_again(reader):
    text = reader.get(f"/calls/{put('founding_call')}").content.decode()
    assert text.count("no close was seen") == 1
    assert text.count("No close of the AI session was observed") == 2


def test_words_of_other_ears_stand_in_the_gap_they_were_heard_in(reader):
    document = told("founding_call")
    word = {"at_s": 49.0, "start_s": 49.0, "end_s": 53.0, "text": "They told me", "speaker": "caller",
            "track": "inbound_track", "source": "twilio", "final": True, "spread_s": 0.3,
            "positions": [4]}  # fmt: skip
    document["gaps"][0]["words"] = document["second_words"] = [word]
    said = reader.get(f"/calls/{put_call(**document)}").content.decode()
    assert re.search(r"caller speaks, not heard by the AI</b><span[^>]*>11.1 s[^<]*“They told me”", said)
    assert re.search(r"Twilio heard</span>\s*<p><span>They told me", said)


def test_channels_the_wrong_way_round_are_drawn_by_who_speaks_and_said_to_be(reader):
    document = told("founding_call")
    call_id = put_call(**document)
    assert "data-swapped" not in reader.get(f"/calls/{call_id}").content.decode()
    document["recordings"][0]["channels_swapped"] = True
    # Without the ids that would make both of them one call.
    other = put_call(**document | dict.fromkeys(("parent_call_sid", "child_call_sid", "ai_call_id")))
    assert "the caller is on the second" in reader.get(f"/calls/{other}").content.decode()


@pytest.mark.parametrize("field", ["parent_call_sid", "child_call_sid", "ai_call_id"])
def test_any_id_of_the_call_opens_its_page(reader, field):
    put("founding_call")
    assert reader.get(f"/calls/{told('founding_call')[field]}").status_code == 200


def test_an_unknown_call_is_not_found(reader):
    assert reader.get("/calls/CA" + "9" * 32).status_code == 404
    assert reader.get("/calls/nonsense").status_code == 404


def test_a_stranger_is_asked_to_log_in(client, db):
    answer = client.get("/calls/CA" + "9" * 32)
    assert answer.status_code == 302
    assert "/login/" in answer["Location"]


def test_the_asked_second_marks_its_rows_without_any_script(reader):
    text = reader.get(f"/calls/{put('founding_call')}", {"t": "50"}).content.decode()
    (row,) = re.findall(r'<li class="([^"]*)"[^>]*aria-current="time"', text)
    assert "gap" in row
    assert len(re.findall(r'<tr id="mark-[^>]*aria-current="time"', text)) == 1
    assert 'data-at="50.000"' in text


@pytest.mark.parametrize("asked", ["x", "nan", "", "1e", "--"])
def test_nonsense_for_a_second_is_no_second(reader, asked):
    answer = reader.get(f"/calls/{put('founding_call')}", {"t": asked})
    assert answer.status_code == 200
    assert b"data-at=" not in answer.content


@pytest.mark.parametrize(
    ("asked", "end"), [("-1e400", "start_s"), ("-70", "start_s"), ("inf", "end_s"), ("1e9", "end_s")]
)
def test_a_second_beside_the_call_is_its_nearest_end(reader, asked, end):
    text = reader.get(f"/calls/{put('founding_call')}", {"t": asked}).content.decode()
    assert f'data-at="{timeline(told("founding_call"))[end]:.3f}"' in text


@pytest.mark.parametrize("document", [{}, {"verdict": "live"}, {"legs": [], "flags": ["live"]}])
def test_a_call_of_which_little_is_known_has_a_page(reader, document):
    assert reader.get(f"/calls/{put_call(**document)}").status_code == 200


def test_words_are_marked_with_their_language_for_who_has_them_read_out(reader):
    document = told("founding_call")
    document["turns"][0]["text"] = "予約をお願いします"
    text = reader.get(f"/calls/{put_call(**document)}").content.decode()
    assert text.count('<span lang="ja">予約をお願いします</span>') == 2


def test_numbers_are_masked_on_the_page_as_they_are_in_the_list(reader):
    document = told("founding_call")
    text = reader.get(f"/calls/{put('founding_call')}").content.decode()
    assert document["from"] not in text and document["to"] not in text
    assert redacted(document["from"]) in text


def test_the_ids_stand_under_the_headline_and_what_is_beside_the_verdict_behind_the_evidence(reader):
    text = reader.get(f"/calls/{put('founding_call')}").content.decode()
    parts = 'id="headline"', 'class="about"', 'class="says"', 'class="facts"', 'id="evidence"', 'id="beside"'
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    assert re.search(r'href="#beside">2 missing · 2 to settle it · 2 seen too<', text)


def test_words_of_a_call_of_one_known_language_are_marked_with_it(reader):
    document = told("founding_call") | {"languages": ["de", "de-DE"]}
    document["turns"][0]["text"] = "Guten Tag, Müller"
    text = reader.get(f"/calls/{put_call(**document)}").content.decode()
    assert text.count('<span lang="de">Guten Tag, Müller</span>') == 2
