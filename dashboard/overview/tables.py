"""An overview laid out: rows with the list each leads to, and the figures that are drawn of the same rows."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from callstore.findings.cross_call.summary import Incident
from callstore.search.overview.parts import Agent, Agreement, Change, Counted, Overview, Step
from callstore.search.overview.shares import share
from dashboard.overview import figures
from dashboard.overview.addresses import Lists, valued
from dashboard.overview.looks import COLOURS, ORDER, UNJUDGED, WORDS

MOST_CHANGES = 12
MOST_STRETCHES = 16
KEYS = {"version": "Version", "region": "Region", "edge": "Edge", "model": "Model", "verdict": "Verdict"}


class Row(NamedTuple):
    """Anything that is told in a row, its name in words, and its list."""

    of: Any
    name: str
    url: str
    about: str = ""


def tables(found: Overview, lists: Lists) -> dict[str, Any]:
    """Everything that the page shows beside its head, with the figures under the names of their charts."""
    steps = [Row(step, "", lists.step(at)) for at, step in enumerate(found.over_time)]
    agents = [Row(each, figures.name(each), _of_agent(each, lists)) for each in found.agents]
    gaps = [_counted(each, "gap", lists) for each in found.gaps]
    to_end = [_counted(each, "speech_to_end", lists) for each in found.to_end]
    changes = [_change(each, lists) for each in found.changes]
    return {
        "verdicts": _legend(found.verdicts, lists),
        "over_time": [row for row in steps if row.of.calls],
        "agents": agents,
        "places": [
            Row(each, each.value, lists.valued(each.key, each.value), KEYS[each.key]) for each in found.places
        ],
        "changes": changes[:MOST_CHANGES],
        "more_compared": max(0, len(changes) - MOST_CHANGES),
        "before": next((each.before.of for each in found.changes if not each.key), 0),
        "changed": sum(each.difference.changed for each in found.changes),
        "gaps": gaps,
        "to_end": to_end,
        "warnings": [_counted(each, "warning", lists) for each in found.warnings],
        "precision": [_agreement(each, lists) for each in found.precision],
        "incidents": [_incident(each, lists) for each in found.incidents],
        "live_url": lists.of("is:live"),
        "suspicious_url": lists.of("is:suspicious"),
        "gap_url": lists.of("gap:>0s"),
        "figures": _figures(found, lists, steps, agents, gaps, to_end),
    }


def _figures(
    found: Overview, lists: Lists, steps: list[Row], agents: list[Row], gaps: list[Row], to_end: list[Row]
) -> dict[str, Any]:
    over_time: list[Step] = [row.of for row in steps]
    urls, step_s = [row.url for row in steps], found.frame.step_s
    drawn = {
        "verdicts": figures.verdicts(over_time, step_s, urls, found),
        "suspicious": figures.suspicious(stretches(found, lists), found),
    }
    if found.detection_lag_s.n:
        known = [lists.step(at, term="lag:*") for at in range(len(steps))]
        drawn["lag"] = figures.lag(over_time, step_s, known, found)
    if agents:
        drawn["agents"] = figures.agents([row.of for row in agents], [row.url for row in agents])
    for name, rows, colour in (("gaps", gaps, "var(--mark-gap)"), ("to_end", to_end, "var(--mark-caller)")):
        if any(row.of.calls for row in rows):
            drawn[name] = figures.counted([row.of for row in rows], [row.url for row in rows], colour)
    return drawn


def stretches(found: Overview, lists: Lists) -> list[figures.Stretch]:
    """The steps of time in few enough stretches that each has some calls."""
    steps, each = found.over_time, -(-len(found.over_time) // MOST_STRETCHES)
    joined = []
    for at in range(0, len(steps), each):
        some = steps[at : at + each]
        suspicious = share(sum(s.suspicious.count for s in some), sum(s.calls for s in some))
        length_s = found.frame.step_s * len(some)
        joined.append(figures.Stretch(some[0].start, length_s, suspicious, lists.step(at, len(some))))
    return joined


def _legend(of: list[Counted], lists: Lists) -> list[Row]:
    """The verdicts in the order of their bars, from the top."""
    calls = {each.value: each for each in of}
    return [
        Row(calls[verdict], WORDS[verdict], lists.valued("verdict", verdict), COLOURS[verdict][12:-1])
        for verdict in reversed(ORDER)
        if verdict in calls
    ]


def _counted(each: Counted, key: str, lists: Lists) -> Row:
    return Row(each, each.title, lists.valued(key, each.value))


def _of_agent(each: Agent, lists: Lists) -> str:
    return lists.of(valued("agent", each.agent), valued("version", each.version))


def _change(each: Change, lists: Lists) -> Row:
    if not each.key:
        return Row(each, "All calls", lists.of("is:suspicious"), "Suspicious")
    if each.key == "verdict":
        word = WORDS.get(each.value, each.value)
        return Row(each, word, lists.valued("verdict", each.value), "Verdict")
    url = lists.of(valued(each.key, each.value), "is:suspicious")
    return Row(each, each.value, url, f"Suspicious in {KEYS[each.key].lower()}")


def _agreement(each: Agreement, lists: Lists) -> Row:
    verdict = each.verdict or UNJUDGED
    word = WORDS.get(verdict, verdict)
    return Row(each, word, lists.valued("verdict", verdict))


def _incident(each: Incident, lists: Lists) -> Row:
    start, end = (None if at is None else datetime.fromtimestamp(at, UTC) for at in (each.start, each.end))
    return Row(
        {"incident": each, "start": start, "end": end}, each.title, lists.valued("incident", each.provider)
    )
