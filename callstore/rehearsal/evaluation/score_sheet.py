"""The outcome of labelled calls as text."""

import json
from collections.abc import Sequence

from callstore.audio.speech import ANALYSER
from callstore.rehearsal.evaluation.evaluate import Outcome
from callstore.rehearsal.evaluation.scoring import summary


def for_machines(outcomes: Sequence[Outcome]) -> str:
    """All figures as JSON."""
    found = [
        {
            "name": outcome.name,
            "witnesses": outcome.witnesses,
            "conditions": outcome.conditions,
            "expected": outcome.expected,
            "got": {name: outcome.document.get(name) for name in ("verdict", "cause", *outcome.expected)},
            "wrong": outcome.wrong,
        }
        for outcome in outcomes
    ]
    versions = {"rules_version": outcomes[0].document["rules_version"], "analyser": ANALYSER}
    return json.dumps({**versions, "scenarios": found, **summary(outcomes)}, indent=1)


def for_people(outcomes: Sequence[Outcome]) -> str:
    """Each call, then precision and recall."""
    lines = []
    for outcome in outcomes:
        lines.append(
            f"{'ok' if not outcome.wrong else 'WRONG':6}{outcome.name:31} {outcome.document['verdict']}"
        )
        lines += [
            f"      {name}: expected {w['expected']}, got {w['got']}" for name, w in outcome.wrong.items()
        ]
    told = summary(outcomes)
    lines += ["", f"{'':18}{'labelled':>9}{'claimed':>9}{'precision':>11}{'recall':>8}"]
    for name, score in told["scores"].items():
        lines.append(
            f"{name:18}{score['labelled']:>9}{score['claimed']:>9}"
            f"{_rate(score['precision']):>11}{_rate(score['recall']):>8}"
        )
    if told["gap"]["median_s"] is not None:
        lines += ["", f"error of the gap: median {told['gap']['median_s']} s, p95 {told['gap']['p95_s']} s"]
    return "\n".join(lines)


def _rate(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
