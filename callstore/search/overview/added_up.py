"""The numbers of an overview from sheets: added up, and in the shape in which `statement` tells them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import accumulate
from math import ceil, floor
from typing import Any, TypeAlias

import orjson

from callstore.projection.sheets.counted import COMPARED, LIVE, SUSPICIOUS, TRUNCATED, Sheet, seconds
from callstore.search.facets.catalogue import GAPS
from callstore.search.overview.frame import Frame
from callstore.search.overview.statement import MOST_VALUES, TO_END

Bins: TypeAlias = Mapping[str, int]
AGENT_NUMBERS = ("response_time", "dead_air", "talk_over", "interruptions")
EXACT = ("interruptions",)  # numbers that are their own bins


def told(
    frame: Frame, now: Iterable[tuple[datetime, Sheet]], before: Iterable[tuple[datetime, Sheet]]
) -> dict[str, Any]:
    """Of sheets of a frame and of the time before it, each with when its calls began: the groups' rows."""
    of_step: dict[int, list[Sheet]] = defaultdict(list)
    for at, sheet in now:
        of_step[_step(frame, at)].append(sheet)
    steps = {step: _sum(sheets) for step, sheets in of_step.items()}
    whole = _sum(steps.values())
    return {
        "whole": {
            "calls": _calls(whole),
            "live": _calls(whole, LIVE),
            "suspicious": _calls(whole, SUSPICIOUS),
            "truncated": _calls(whole, TRUNCATED),
            **{part: _spread(_bins(whole, part)) for part in ("gap", "detection_lag", "speech_to_end")},
        },
        "verdicts_over_time": [
            {"step": step, "verdict": verdict, "calls": _n(bins)}
            for step, sheet in steps.items()
            for verdict, bins in sheet.get("verdict", {}).items()
        ],
        "over_time": [
            {
                "step": step,
                "calls": _calls(sheet),
                "suspicious": _calls(sheet, SUSPICIOUS),
                "detection_lag": _spread(_bins(sheet, "detection_lag")),
            }
            for step, sheet in steps.items()
        ],
        "agents": _agents(whole),
        "gaps": _in_words(whole, "gaps", list(GAPS)),
        "to_end": _in_words(whole, "to_end", list(TO_END)),
        "warnings": _most(
            {"value": code, "calls": _n(bins)} for code, bins in whole.get("warnings", {}).items()
        )[:MOST_VALUES],
        "compared": _compared(whole, _sum(_shares_alone(sheet) for _, sheet in before)),
    }


def _step(frame: Frame, at: datetime) -> int:
    step = int((at - frame.steps[0]).total_seconds() // frame.step_s)
    return min(max(step, 0), len(frame.steps) - 1)


def _shares_alone(sheet: Sheet) -> Sheet:
    """What is told of the time before."""
    return {part: keys for part, keys in sheet.items() if part in COMPARED}


def _sum(sheets: Iterable[Sheet]) -> Sheet:
    total: Sheet = {}
    for sheet in sheets:
        for part, keys in sheet.items():
            of_part = total.setdefault(part, {})
            for key, bins in keys.items():
                if (of_key := of_part.get(key)) is None:
                    of_part[key] = dict(bins)
                else:
                    for bin_, calls in bins.items():
                        of_key[bin_] = of_key.get(bin_, 0) + calls
    return total


def _n(bins: Bins, is_so: int = 0) -> int:
    """How many calls; with a flag, of parts that have flags as their bins, those that have it."""
    return sum(calls for bin_, calls in bins.items() if not is_so or int(bin_) & is_so)


def _calls(sheet: Sheet, is_so: int = 0) -> int:
    return sum(_n(bins, is_so) for bins in sheet.get("verdict", {}).values())  # each call has one


def _bins(sheet: Sheet, part: str, key: str = "") -> Bins:
    return sheet.get(part, {}).get(key, {})


def _spread(bins: Bins, exact: bool = False) -> dict[str, Any]:
    """How many calls know a number, and the 50th and the 95th of a hundred, as Postgres reckons them."""
    met = sorted((int(bin_), calls) for bin_, calls in bins.items())
    ends = list(accumulate(calls for _, calls in met))
    n = ends[-1] if ends else 0

    def of_rank(rank: int) -> float:
        bin_ = next(bin_ for (bin_, _), end in zip(met, ends, strict=True) if rank < end)
        return float(bin_) if exact else seconds(bin_)

    def of_share(share: float) -> float:
        rank = share * (n - 1)
        low, high = of_rank(floor(rank)), of_rank(ceil(rank))
        return low + (high - low) * (rank - floor(rank))

    return {"n": n, "at": [of_share(0.5), of_share(0.95)] if n else None}


def _agents(whole: Sheet) -> list[dict[str, Any]]:
    rows = []
    for key, bins in whole.get("agent", {}).items():
        agent, version = orjson.loads(key)
        numbers = {name: _spread(_bins(whole, name, key), name in EXACT) for name in AGENT_NUMBERS}
        told = {"agent": agent, "version": version, "calls": _n(bins), "suspicious": _n(bins, SUSPICIOUS)}
        rows.append(told | numbers)
    return _most(rows)[:MOST_VALUES]


def _in_words(whole: Sheet, part: str, words: Sequence[str]) -> list[dict[str, Any]]:
    return [{"value": words[int(bin_)], "calls": calls} for bin_, calls in _bins(whole, part).items()]


def _compared(now: Sheet, before: Sheet) -> list[dict[str, Any]]:
    rows = [
        {
            "key": "", "value": "",
            "calls": _calls(now), "suspicious": _calls(now, SUSPICIOUS),
            "calls_before": _calls(before), "suspicious_before": _calls(before, SUSPICIOUS),
        }
    ]  # fmt: skip
    for key in COMPARED:
        for value in now.get(key, {}).keys() | before.get(key, {}).keys():
            is_now, was = _bins(now, key, value), _bins(before, key, value)
            rows.append({
                "key": key, "value": value,
                "calls": _n(is_now), "suspicious": _n(is_now, SUSPICIOUS),
                "calls_before": _n(was), "suspicious_before": _n(was, SUSPICIOUS),
            })  # fmt: skip
    met = (row for row in rows if row["calls"] or row["calls_before"])
    return _most(met, "calls", "calls_before")[: 5 * MOST_VALUES]


def _most(rows: Iterable[dict[str, Any]], *calls: str) -> list[dict[str, Any]]:
    """Rows of most calls first; of as many by what they are of, what is not known last."""

    def place(row: dict[str, Any]) -> tuple[int, list[tuple[bool, str | None]]]:
        told = [row.get(name) for name in ("key", "value", "agent", "version")]
        return -sum(row[name] for name in calls or ("calls",)), [(each is None, each) for each in told]

    return sorted(rows, key=place)
