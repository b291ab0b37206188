"""The numbers of the overview: what a query finds in a time, group by group, and what changed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson
from django.db import connection

from callstore.findings.cross_call.summary import Incident
from callstore.projection.cross_call import incidents
from callstore.projection.patience import patience
from callstore.projection.review.precision import precision
from callstore.search.compile import compiled
from callstore.search.facets.catalogue import GAPS
from callstore.search.overview import by_sheets
from callstore.search.overview.frame import Frame
from callstore.search.overview.parts import Agent, Agreement, Change, Counted, Overview, Spread, Step
from callstore.search.overview.shares import Share, difference, share
from callstore.search.overview.statement import TO_END, statement
from callstore.search.tree import Term
from callstore.search.window import within

BUDGET_S = 6.0  # for a statement; it takes a second with 100,000 calls
WORK_MEM = "64MB"  # so that the calls that were read once stay in memory
MOST_INCIDENTS = 50


def overview(term: Term, frame: Frame, now: datetime) -> Overview:
    """The numbers of the calls that a query finds in a time. `now` (aware) is what -24h counts from.

    Raises QueryError, callstore.projection.patience.TooSlow, and django.db.DatabaseError.
    """
    with patience(BUDGET_S), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('work_mem', %s, true)", [WORK_MEM])
        added_up = by_sheets.found(term, frame, now)
        found = added_up or _one_by_one(term, frame, now)
        where = compiled(within(term, frame.window), now)
        votes = precision((where.sql, where.params))
    whole, compared = found["whole"], list(_compared(found["compared"]))
    return Overview(
        frame=frame,
        rounded=added_up is not None,
        calls=whole["calls"],
        live=whole["live"],
        suspicious=share(whole["suspicious"], whole["calls"]),
        truncated=share(whole["truncated"], whole["calls"]),
        gap_s=_spread(whole["gap"]),
        detection_lag_s=_spread(whole["detection_lag"]),
        speech_to_end_s=_spread(whole["speech_to_end"]),
        verdicts=_verdicts(found["verdicts_over_time"]),
        over_time=_over_time(frame, found),
        agents=sorted(map(_agent, found["agents"]), key=lambda each: _worst(each.suspicious)),
        places=sorted(
            (each for each in compared if each.key in ("region", "edge", "model") and each.now.of),
            key=lambda each: (each.key, _worst(each.now)),
        ),
        changes=sorted(compared, key=_most_changed),
        gaps=_in_words(found["gaps"], GAPS),
        to_end=_in_words(found["to_end"], TO_END),
        warnings=[Counted(each["value"], each["value"], each["calls"]) for each in found["warnings"]],
        precision=[Agreement(each.verdict, each.calls, share(each.agreed, each.voted)) for each in votes],
        incidents=_incidents(frame, now),
    )


def _one_by_one(term: Term, frame: Frame, now: datetime) -> dict[str, Any]:
    asked: tuple[str, Sequence[Any]] = statement(term, frame, now)
    with connection.cursor() as cursor:
        cursor.execute(*asked)
        return {name: orjson.loads(rows or "[]") for name, rows in cursor.fetchall()}


def _over_time(frame: Frame, found: dict[str, Any]) -> list[Step]:
    verdicts: dict[int, dict[str, int]] = {}
    for each in found["verdicts_over_time"]:
        verdicts.setdefault(each["step"], {})[each["verdict"]] = each["calls"]
    told = {each["step"]: each for each in found["over_time"]}
    steps = []
    for at, start in enumerate(frame.steps):
        one = told.get(at) or {"calls": 0, "suspicious": 0, "detection_lag": {"n": 0, "at": None}}
        suspicious = share(one["suspicious"], one["calls"])
        lag = _spread(one["detection_lag"])
        steps.append(Step(start, one["calls"], verdicts.get(at, {}), suspicious, lag))
    return steps


def _verdicts(rows: Iterable[dict[str, Any]]) -> list[Counted]:
    by_verdict = itemgetter("verdict")
    sums = {
        verdict: sum(each["calls"] for each in of_it)
        for verdict, of_it in groupby(sorted(rows, key=by_verdict), by_verdict)
    }
    return [Counted(each, each, calls) for each, calls in sorted(sums.items(), key=lambda item: -item[1])]


def _agent(row: dict[str, Any]) -> Agent:
    return Agent(
        row["agent"],
        row["version"],
        row["calls"],
        share(row["suspicious"], row["calls"]),
        *(_spread(row[name]) for name in ("response_time", "dead_air", "talk_over", "interruptions")),
    )


def _compared(rows: list[dict[str, Any]]) -> Iterable[Change]:
    """Each value with its share now and before; of a verdict its share of all calls."""
    whole = next((row for row in rows if not row["key"]), None)
    if whole is None:
        return
    for row in rows:
        if row["key"] == "verdict":
            now = share(row["calls"], whole["calls"])
            before = share(row["calls_before"], whole["calls_before"])
        else:
            now = share(row["suspicious"], row["calls"])
            before = share(row["suspicious_before"], row["calls_before"])
        yield Change(row["key"], row["value"], now, before, difference(now, before, len(rows)))


def _worst(of: Share) -> tuple[bool, float]:
    """Small shares last: they are told and not ranked."""
    return of.small, -(of.share or 0)


def _most_changed(each: Change) -> tuple[bool, bool, float]:
    small = each.now.small or each.before.small
    return not each.difference.changed, small, -abs(each.difference.difference or 0)


def _in_words(rows: list[dict[str, Any]], words: dict[str, str]) -> list[Counted]:
    calls = {row["value"]: row["calls"] for row in rows}
    return [Counted(value, title, calls.get(value, 0)) for value, title in words.items()]


def _spread(told: dict[str, Any]) -> Spread:
    p50, p95 = told["at"] or (None, None)
    return Spread(told["n"], *(None if each is None else round(each, 3) for each in (p50, p95)))


def _incidents(frame: Frame, now: datetime) -> list[Incident]:
    """Those of this time; one whose end is still to come is not over, for nobody told that end."""
    since, until = frame.since.timestamp(), frame.until.timestamp()
    met = [each for each in incidents.published(since) if each.start < until]
    going_on = now.timestamp()
    return [
        each._replace(end=None) if each.end and each.end > going_on else each
        for each in met[-MOST_INCIDENTS:]
    ]
