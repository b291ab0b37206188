"""docs/evaluation.md: what `evaluate` says of so many labelled calls, as tables."""

import json
import platform
import subprocess
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from callstore.rehearsal.labelled.scene import DUAL

ROOT = Path(__file__).parents[3]
PACKAGES = ("onnxruntime", "numpy", "espeakng-loader")
# From here on the page is written by hand and kept when the tables are made anew.
BY_HAND = "## Reading the mistakes"
INTRODUCTION = """# Evaluation

{calls} calls with seed {seed}, told and synthesised by `callstore/rehearsal/labelled`, through the real fold,
hearing and rules. Made on {day} by `make evaluation`; rules version {rules}, analyser {analyser}, {packages},
Python {python}.

Every label comes from the telling: who spoke when is known to the sample, the fields' definitions are
applied to that, and nothing that is tested here has a part in it. A third of the calls end on a speaking
caller. Voices, languages, noise, echo, tones, music, coughs, clock errors, disorder, loss and repeats vary;
[its code](../callstore/rehearsal/labelled) says how much. A *close call* would be labelled otherwise if its
speech or its pause were 0.25 s longer or shorter; it counts like any other. *Undecided* is what hangs on
0.1 s, which no witness can tell: such calls have no label for `truncated`.
"""


def evaluated(folder: Path, jobs: int) -> dict[str, Any]:
    """What `evaluate --json` says of a folder."""
    command = [sys.executable, "manage.py", "evaluate", str(folder), "--json", f"--jobs={jobs}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1) or not done.stdout:
        raise SystemExit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def page(told: Mapping[str, Any], seed: int, before: str = "") -> str:
    """The page; what was written by hand on the page `before` stays."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    parts = [
        INTRODUCTION.format(
            calls=told["calls"], seed=seed, day=f"{datetime.now(UTC):%Y-%m-%d}", packages=packages,
            rules=told["rules_version"], analyser=told["analyser"], python=platform.python_version(),
        ),
        "## Targets", _targets(told),
        "## Numbers of a conversation",
        "By how much they are off; shares and counts in their own measure.", _numbers(told["numbers"]),
        "## Verdicts, causes and flags",
        _table(("", "labelled", "claimed", "precision", "recall"), _rates(told["scores"])),
        "By cause, where the label names one:",
        _table(("", "labelled", "claimed", "precision", "recall"), _rates(told["causes"])),
        "## Confusion", "Rows: what is right. Columns: what was said.", _confusion(told["confusion"]),
        "## By witness set",
        "Where a witness is missing, `inconclusive` is right as well (*left open*).",
        _figures(told["by_witnesses"]),
        "## By what was odd", _figures(told["by_condition"]),
        "## Every label that was not met", _mistakes(told["scenarios"]),
    ]  # fmt: skip
    kept = before[before.index(BY_HAND) :].strip() if BY_HAND in before else BY_HAND
    return "\n\n".join([*(part.strip() for part in parts), kept]) + "\n"


def _targets(told: Mapping[str, Any]) -> str:
    calls = told["scenarios"]
    dual = [one for one in calls if one["witnesses"] in DUAL and "flags" in one["expected"]]
    clear = [one for one in dual if "close_call" not in one["conditions"]]
    partial = [of["verdicts"] for name, of in told["by_witnesses"].items() if name != "all"]
    wrong, judged = (sum(one[key] for one in partial) for key in ("wrong", "labelled"))
    full, share = told["by_witnesses"].get("all", told), wrong / max(judged, 1)
    rows = (
        ("recall of `truncated`, dual recording", "≥ 0.99", _share(*_met(dual))),
        ("precision of `truncated`, dual recording", "≥ 0.99", _share(*_right(dual))),
        ("the same recall without close calls", "", _share(*_met(clear))),
        ("the same precision without close calls", "", _share(*_right(clear))),
        ("accuracy of the verdict, all witnesses", "≥ 0.97", _number(full["verdicts"]["accuracy"])),
        ("calls with every label met", "≥ 0.95", _share(sum(not one["wrong"] for one in calls), len(calls))),
        ("error of the gap, median", "≤ 0.2 s", f"{_number(told['gap']['median_s'])} s"),
        ("error of the gap, 95th percentile", "≤ 0.6 s", f"{_number(told['gap']['p95_s'])} s"),
        *_times(told["numbers"]),
        ("wrong verdicts, a witness missing", "≤ 0.5 %", f"{100 * share:.1f} % ({wrong} of {judged})"),
    )
    return _table(("", "target", "reached"), rows)


def _times(numbers: Mapping[str, Any]) -> Iterable[tuple[str, str, str]]:
    for name, error in numbers.items():
        if name.endswith("_s"):
            yield f"error of `{name}`, median", "≤ 0.15 s", f"{_number(error['median_s'])} s"


def _numbers(numbers: Mapping[str, Any]) -> str:
    heads = ("", "labelled", "unknown", "median", "p95", "worst")
    rows = (
        (
            f"`{name}`",
            of["labelled"],
            of["unknown"],
            *(_number(of[key]) for key in ("median_s", "p95_s", "worst_s")),
        )
        for name, of in numbers.items()
    )
    return _table(heads, rows)


def _met(calls: Iterable[Mapping[str, Any]]) -> tuple[int, int]:
    """How many calls that were cut off were said to be, and of how many."""
    asking = [one for one in calls if "has" in one["expected"]["flags"]]
    return sum("flags" not in one["wrong"] for one in asking), len(asking)


def _right(calls: Iterable[Mapping[str, Any]]) -> tuple[int, int]:
    """How many calls that were said to be cut off were, and of how many."""
    said = [one for one in calls if "truncated" in one["got"]["flags"]]
    return sum("flags" not in one["wrong"] for one in said), len(said)


def _rates(scores: Mapping[str, Any]) -> Iterable[tuple[str, ...]]:
    for name, of in scores.items():
        yield (
            f"`{name}`",
            str(of["labelled"]),
            str(of["claimed"]),
            _number(of["precision"]),
            _number(of["recall"]),
        )


def _confusion(table: Mapping[str, Mapping[str, int]]) -> str:
    given = sorted({name for row in table.values() for name in row})
    rows = ((f"`{right}`", *(str(row.get(name, "")) for name in given)) for right, row in table.items())
    return _table(("", *(name.replace("_", " ") for name in given)), rows)


def _figures(groups: Mapping[str, Any]) -> str:
    heads = (
        "",
        "calls",
        "wrong verdicts",
        "left open",
        "truncated",
        "precision",
        "recall",
        "gap median",
        "p95",
    )
    rows = []
    for name, of in groups.items():
        cut = of["truncated"] or {"labelled": 0, "precision": None, "recall": None}
        rows.append((
            name.replace("_", " "), of["calls"], of["verdicts"]["wrong"], of["verdicts"]["left_open"],
            cut["labelled"], _number(cut["precision"]), _number(cut["recall"]),
            _number(of["gap"]["median_s"]), _number(of["gap"]["p95_s"]),
        ))  # fmt: skip
    return _table(heads, rows)


def _mistakes(scenarios: Iterable[Mapping[str, Any]]) -> str:
    rows = []
    for one in scenarios:
        for label, unlike in one["wrong"].items():
            wanted, got = (_short(unlike[key]) for key in ("expected", "got"))
            rows.append((one["name"], _short(one["conditions"]).replace("_", " "), label, wanted, got))
    return _table(("call", "odd", "label", "expected", "said"), rows)


def _short(value: Any) -> str:
    if isinstance(value, dict) and "about" in value:
        return f"{value['about']} ± {value['within']}"
    if isinstance(value, dict):
        return "; ".join(f"{word.replace('_', ' ')} {', '.join(some)}" for word, some in value.items())
    return ", ".join(value) if isinstance(value, list) else str(value)


def _share(part: int, whole: int) -> str:
    return f"{_number(part / whole if whole else None)} ({part} of {whole})"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}".rstrip("0").rstrip(".")


def _table(heads: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *([str(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
