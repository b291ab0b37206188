"""A call of four hours: its tables come a window of rows at a time, and all of them without a script."""

import re
from urllib.parse import urljoin

import pytest

from dashboard.call.tables.windows import ROWS, place
from dashboard.call.timeline import timeline
from tests.dashboard.call.long_call import long_document
from tests.dashboard.documents import put_call

HOURS = {"length": 14_400, "every": 12}
MARK = re.compile(r'<tr id="mark-([\w-]+)"')


@pytest.fixture
def url(db):
    return f"/calls/{put_call(**long_document(**HOURS))}"


def text_of(reader, url):
    return reader.get(url).content.decode()


def linked(text, name):
    found = re.search(rf'href="([^"]+)#marks-title" data-turn="\d+">{name}', text)
    return found and found[1].replace("&amp;", "&")


def test_the_page_of_a_long_call_is_as_small_as_a_window_of_its_rows(reader, url):
    whole = reader.get(url).content
    assert len(whole) < 500_000
    part = reader.get(f"{url}?part=marks&marks=3").content
    assert len(part) < 200_000 and part.count(b"<tr id=") == ROWS


def test_links_alone_lead_from_window_to_window_to_every_mark_once(reader, url):
    found, at = [], f"{url}?marks=1&z=60-90"
    while at:
        text = text_of(reader, at)
        found += MARK.findall(text)
        assert "z=60-90" in at
        at = (later := linked(text, "Later")) and urljoin(at, later)
    marks = timeline(long_document(**HOURS))["marks"]
    assert len(marks) > 10 * ROWS
    assert sorted(found) == sorted(mark["id"] for mark in marks)


@pytest.mark.parametrize(
    "query", ["t=9000", "sel=9000-9010", "sel=evt_1,9000-9010", "t=9000&sel=caller_text-1"]
)
def test_both_tables_open_where_the_address_says(reader, url, query):
    text = text_of(reader, f"{url}?{query}")
    assert "Turn 8988" in text and "Turn 60<" not in text
    assert text.count("Turn 8988") == 2


def test_what_is_looked_for_is_found_in_all_windows(reader, url):
    text = text_of(reader, f"{url}?find=TURN+132&part=transcript")
    lines = re.findall(r"Turn (\d+)", text)
    assert lines == ["132", "1320", *(str(at) for at in range(13200, 13300, 12))]
    assert f"{len(lines)} lines with" in text
    assert "Nobody said that" in text_of(reader, f"{url}?find=zirconium&part=transcript")
    assert "&lt;b&gt;" in text_of(reader, f"{url}?find=<b>&part=transcript")


def test_a_long_table_is_ordered_as_a_whole(reader, url):
    first = MARK.findall(text_of(reader, f"{url}?part=marks&marks=1&by=-start"))
    assert first[0] in MARK.findall(text_of(reader, f"{url}?part=marks&marks=9999"))
    lengths = re.findall(r'data-length="([\d.]*)', text_of(reader, f"{url}?part=marks&marks=1&by=-length"))
    longest = max(
        (mark["end_s"] or 0) - mark["start_s"] for mark in timeline(long_document(**HOURS))["marks"]
    )
    assert float(lengths[0]) == pytest.approx(longest, abs=0.06)


@pytest.mark.parametrize(
    ("asked", "at", "number"),
    [(None, None, 1), ("2", None, 2), ("99", None, 3), ("0", None, 1), ("-1", 450, 3), ("²", None, 1),
     (None, -5, 1), (None, ROWS - 0.5, 1), (None, ROWS, 2), (None, 1e9, 3), ("1", 450, 1)],
)  # fmt: skip
def test_a_window_is_found_by_its_number_or_a_second_and_nonsense_is_the_first(asked, at, number):
    rows = [{"start_s": float(second)} for second in range(2 * ROWS + 1)]
    found = place(rows, asked, at)
    assert (found.number, found.windows, found.total) == (number, 3, 2 * ROWS + 1)
    assert place([], asked, at)[:5] == (1, 1, 0, 0, 0)
