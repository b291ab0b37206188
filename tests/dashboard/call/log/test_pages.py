"""The log of a call and one event of it as pages that need no script."""

import re

import pytest

from callstore.eventlog.reading import read
from callstore.eventlog.writing.append import append
from callstore.projection import queries
from callstore.projection.projector import project
from callstore.rehearsal.scenarios.scenario import drafts, load
from dashboard.call.log import pages
from tests.dashboard.told import told

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def call(transactional_db):
    """The founding call in the log, as its document."""
    facts = drafts(load("founding_call"))
    append(facts)
    project([read.trace_of(facts[0].subject)], replay=True)
    return queries.find(told("founding_call")["child_call_sid"])


@pytest.fixture
def positions(call):
    """The positions of its events by time."""
    return [row["position"] for row in queries.events(call["call_id"], bodies=False).items]


def _text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_log_is_read_by_time_a_page_at_a_time_with_plain_links(reader, call, positions, monkeypatch):
    monkeypatch.setattr(pages, "EVENTS_A_PAGE", 40)
    seen, url = [], f"/calls/{call['call_id']}/events"
    while url:
        text = _text(reader.get(url))
        seen += [int(each) for each in re.findall(r'<tr id="event-(\d+)"', text)]
        later = re.search(r'href="([^"]*)" data-later', text)
        url = later and later[1].replace("&amp;", "&")
    assert seen == positions


def test_the_log_is_read_by_arrival_where_the_address_says_so_and_its_links_keep_to_it(
    reader, call, monkeypatch
):
    monkeypatch.setattr(pages, "EVENTS_A_PAGE", 40)
    rows = queries.events(call["call_id"], bodies=False).items
    came = [row["position"] for row in sorted(rows, key=lambda row: (row["received_at"], row["position"]))]
    assert came != [row["position"] for row in rows], "of one order nothing could be told"
    seen, url = [], f"/calls/{call['call_id']}/events?order=arrival"
    while url:
        text = _text(reader.get(url))
        seen += [int(each) for each in re.findall(r'<tr id="event-(\d+)"', text)]
        assert "By arrival" in re.search(r'aria-current="true">([^<]*)', text)[1]
        later = re.search(r'href="([^"]*)" data-later', text)
        url = later and later[1].replace("&amp;", "&")
    assert seen == came
    page = _text(reader.get(f"/calls/{call['call_id']}?order=arrival"))
    assert f'href="/calls/{call["call_id"]}/events?order=arrival"' in page


def test_a_position_opens_the_page_it_is_on(reader, call, positions, monkeypatch):
    monkeypatch.setattr(pages, "EVENTS_A_PAGE", 10)
    text = _text(reader.get(f"/calls/{call['call_id']}/events", {"position": positions[57]}))
    assert f'id="event-{positions[57]}"' in text and f'id="event-{positions[0]}"' not in text
    assert "Show from the first event" in text


def test_an_event_says_how_it_came_what_rests_on_it_and_which_marks_it_made(reader, call, positions):
    last = call["session"]["last"]["position"]
    text = _text(reader.get(f"/calls/{call['call_id']}/events/{last}"))
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))
    for words in (
        f"Event {last}", "Happened 2026-04-13T00:18:39", "Arrived", "Proof the application",
        "decided silent_session_loss", "evidence Last AI event before the leg&#x27;s end", "AI session",
    ):  # fmt: skip
        assert words in said, words
    at = positions.index(last)
    for neighbour in (positions[at - 1], positions[at + 1]):
        assert f'href="/calls/{call["call_id"]}/events/{neighbour}"' in text


def test_neither_the_log_nor_an_event_shows_a_whole_number(reader, call, positions):
    pages = [_text(reader.get(f"/calls/{call['call_id']}/events"))]
    pages += [_text(reader.get(f"/calls/{call['call_id']}/events/{each}")) for each in positions[:12]]
    assert any("From=%2B8135*****23" in page for page in pages)
    for page in pages:
        assert call["from"].lstrip("+") not in page and call["to"].lstrip("+") not in page


UNKNOWN = ["events/999999", f"events/{2**70}", "events?cursor=x", "events?position=-1"]


@pytest.mark.parametrize("path", UNKNOWN)
def test_what_the_call_has_not_is_not_found(reader, call, path):
    assert reader.get(f"/calls/{call['call_id']}/{path}").status_code == 404


def test_a_stranger_sees_neither(stranger, call, positions):
    for path in ("events", f"events/{positions[0]}"):
        answer = stranger.get(f"/calls/{call['call_id']}/{path}")
        assert answer.status_code == 302 and "/login/" in answer["Location"]
