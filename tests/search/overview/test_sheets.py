"""What is added up from sheets is what a reading of every call finds."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from math import log
from random import Random

import pytest

from callstore.projection.sheets import keep
from callstore.projection.sheets.counted import seconds
from callstore.projection.sheets.periods import first_from, last_to
from callstore.search.overview import by_sheets
from callstore.search.overview import frame as frames
from callstore.search.overview.frame import frame
from callstore.search.overview.overview import overview
from callstore.search.parser import parse
from tests.dashboard.documents import put_call
from tests.eventlog.tampering import sql

NOW = datetime(2026, 4, 14, 13, 17, 5, tzinfo=UTC)
MINUTES = 60 * 24 * 60  # of sixty days


@pytest.fixture(autouse=True)
def no_sheets(request):
    """Tables of no model are left as they are between tests."""
    yield
    if "django_db" in request.keywords:
        sql("DELETE FROM call_sheet")
        sql("DELETE FROM call_sheet_late")


def put_many(seed: int) -> None:
    """Calls of two months of every kind: running across what is asked, not over, known or not."""
    rng = Random(seed)
    for _ in range(150):
        start = datetime(2026, 4, 13, tzinfo=UTC) - timedelta(minutes=rng.randint(-900, MINUTES))
        seconds = [None, 0, 0.0004, rng.random(), rng.random() * 30, rng.random() * 4000]
        end = rng.choice([None, start + timedelta(minutes=rng.randint(0, 1500))])
        put_call(
            started_at=start.isoformat(),
            ended_at=end and end.isoformat(),
            verdict=rng.choice([None, "natural_end", "ai_silent_first"]),
            flags=rng.sample(["suspicious", "truncated", "live"], rng.randint(0, 3)),
            agent_name=rng.choice([None, "booking", "sales"]),
            agent_version=rng.choice([None, "1", "2"]),
            ai_model=rng.choice([None, "gpt-realtime"]),
            region=rng.choice([None, "ie1", "us1"]),
            edge=None,
            warning_codes=rng.sample(["32113", "32014"], rng.randint(0, 2)),
            untranscribed_caller_speech_s=rng.choice(seconds),
            caller_speech_end_to_child_end_s=rng.choice([None, 0, -0.4, -7.0]),
            detection_lag_s=rng.choice(seconds),
            response_time_p50_s=rng.choice(seconds),
            longest_dead_air_s=rng.choice(seconds),
            talk_over_s=rng.choice(seconds),
            interruptions=rng.choice([None, 0, 1, 7]),
        )


def of(since="-30d", until="", q=""):
    return overview(parse(q), frame(since, until, NOW), NOW)


def differences(one, other, where="") -> Iterator[str]:
    """Where two differ, numbers of seconds by more than a hundredth."""
    if isinstance(one, dict) and one.keys() == other.keys():
        for key in one:
            yield from differences(one[key], other[key], f"{where}.{key}")
    elif isinstance(one, list) and len(one) == len(other):
        for each in zip(one, other, strict=True):
            yield from differences(*each, f"{where}[]")
    elif where.endswith(("p50", "p95")) and one is not None and other is not None:
        if abs(one - other) > 0.01 * abs(other) + 0.001:
            yield f"{where}: {one} is not {other}"
    elif one != other:
        yield f"{where}: {one} is not {other}"


def counted_twice(monkeypatch, *asked) -> list[str]:
    """How the numbers of sheets differ from those of the calls, which are read one by one."""
    monkeypatch.setattr(by_sheets, "MANY", 10**9)
    read = asdict(of(*asked))
    monkeypatch.setattr(by_sheets, "MANY", 1)
    added_up = asdict(of(*asked))
    assert (read.pop("rounded"), added_up.pop("rounded")) == (False, True)
    return list(differences(added_up, read))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "asked",
    [
        ("-30d", ""),
        ("-90d", ""),
        ("2026-03-01", "2026-03-31"),
        ("2026-02-20T03:10:11Z", "2026-04-13T17:00:01Z"),
    ],
)
def test_a_long_time_has_the_numbers_that_a_reading_of_every_call_finds(monkeypatch, seed, asked):
    put_many(seed)
    assert keep.make_lacking() > 200
    assert counted_twice(monkeypatch, *asked) == []


@pytest.mark.django_db(transaction=True)
def test_periods_without_a_sheet_are_read_between_those_that_have_one(monkeypatch):
    put_many(7)
    keep.make_lacking()
    sql("DELETE FROM call_sheet WHERE extract(day FROM period)::integer % 3 = 0")
    assert counted_twice(monkeypatch, "-30d", "") == []


@pytest.mark.django_db(transaction=True)
def test_a_query_a_short_time_and_few_calls_are_read_one_by_one(monkeypatch):
    put_many(1)
    keep.make_lacking()
    assert by_sheets.found(parse(""), frame("-30d", "", NOW), NOW) is None
    monkeypatch.setattr(by_sheets, "MANY", 1)
    assert by_sheets.found(parse(""), frame("-30d", "", NOW), NOW)
    assert by_sheets.found(parse("is:truncated"), frame("-30d", "", NOW), NOW) is None
    assert by_sheets.found(parse(""), frame("-7d", "", NOW), NOW) is None
    monkeypatch.setattr(frames, "STEPS_S", (8 * 3600, 24 * 3600))  # a period lies in two steps of eight hours
    assert by_sheets.found(parse(""), frame("-10d", "", NOW), NOW) is None
    assert by_sheets.found(parse(""), frame("-30d", "", NOW), NOW)


@pytest.mark.parametrize("value", [0.001, 0.37, 1, 59.9, 3600, 86_400])
def test_a_bin_tells_a_number_to_one_hundredth(value):
    bin_ = 1 + round(log(value / 0.001) / log(1.02))
    assert seconds(bin_) == pytest.approx(value, rel=0.01) and seconds(-bin_) == -seconds(bin_)


def test_whole_periods_lie_within_a_time():
    at = datetime(2026, 4, 13, 7, 30, tzinfo=UTC)
    assert first_from(at) == datetime(2026, 4, 13, 12, tzinfo=UTC)
    assert last_to(at) == datetime(2026, 4, 13, 6, tzinfo=UTC)
    whole = datetime(2026, 4, 13, 6, tzinfo=UTC)
    assert first_from(whole) == last_to(whole) == whole
