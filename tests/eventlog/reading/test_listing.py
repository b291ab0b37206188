"""The events of a call by time or by arrival, a page at a time."""

import pytest

from callstore.domain.facts.clock import Clock, Instant
from callstore.eventlog.reading import listing as reading
from callstore.eventlog.reading import read
from callstore.eventlog.reading.listing import listing, page_with
from callstore.eventlog.writing.append import append
from tests.eventlog.drafts import NOON, draft, leg

pytestmark = pytest.mark.django_db


@pytest.fixture
def traces():
    """Two traces with seven events, two at each moment; they came in an order of its own."""
    a, b = leg(), leg()
    append(
        [
            draft(
                subject, f"{n}", occurred=Instant(NOON - n // 2, Clock.APP), received_at=NOON + n * 3 % 7 // 2
            )
            for n, subject in enumerate([a, b, a, b, a, b, a])
        ]
    )
    return [read.trace_of(a), read.trace_of(b)]


ORDERS = pytest.mark.parametrize(("order", "by"), [("event", "occurred_at"), ("arrival", "received_at")])


@ORDERS
@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 8])
def test_pages_follow_each_other_without_a_gap_or_a_repeat(traces, limit, order, by):
    whole = listing(traces, order=order)
    assert len(whole.items) == 7 and whole.next is None
    met, (items, place) = [], listing(traces, limit=limit, order=order)
    while True:
        assert len(items) <= limit
        met += items
        if place is None:
            break
        items, place = listing(traces, start=place, limit=limit, order=order)
    assert met == whole.items == sorted(met, key=lambda row: (row[by], row["position"]))


@ORDERS
@pytest.mark.parametrize("limit", [1, 3, 7, 200])
def test_the_page_of_an_event_is_the_one_that_turning_pages_would_come_to(traces, limit, order, by):
    pages = [listing(traces, limit=limit, order=order)]
    while pages[-1].next:
        pages.append(listing(traces, start=pages[-1].next, limit=limit, order=order))
    for page in pages:
        for row in page.items:
            start = page_with(traces, row["position"], limit, order)
            assert listing(traces, start=start, limit=limit, order=order) == page


@pytest.mark.parametrize("order", reading.TIMES)
@pytest.mark.parametrize("bodies", [False, True])
@pytest.mark.parametrize("most", [1, 150, 400])
def test_pages_of_large_events_are_shorter_and_leave_none_out(traces, monkeypatch, order, bodies, most):
    every = listing(traces, order=order, bodies=bodies).items
    monkeypatch.setattr(reading, "PAGE_BYTES", most)
    met, pages, place = [], 0, reading.BEGINNING
    while place:
        items, place = listing(traces, start=place, order=order, bodies=bodies)
        met, pages = met + items, pages + 1
    assert met == every and pages > 1


def test_all_that_was_delivered_is_read_by_arrival_up_to_so_many_bytes(traces):
    every = listing(traces, order="arrival", bodies=True).items
    assert reading.whole(traces, 100_000) == every
    with pytest.raises(reading.TooLarge):
        reading.whole(traces, 100)


def test_an_event_of_another_call_is_on_no_page(traces):
    [other] = append([draft(leg(), "1")])
    assert page_with(traces, other) is None
    assert page_with([], other) is None and listing([]).items == []
