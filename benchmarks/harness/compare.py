"""Things measured in turns, so that what disturbs one disturbs all, and the tables that tell of them."""

import json
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

DEMANDED = "demanded: "  # begins the line by which a benchmark tells its runner of a demand


class Demand(NamedTuple):
    """What was measured, and the bound that it must reach or must not pass."""

    what: str
    measured: float
    least: float | None
    most: float | None

    def cells(self) -> list[object]:
        """For a table: what, the bound, the figure, and whether it holds."""
        low = self.least is not None and self.measured < self.least
        high = self.most is not None and self.measured > self.most
        bound = f"≥ {_shown(self.least)}" if self.least is not None else f"≤ {_shown(self.most)}"
        return [self.what, bound, self.measured, "**no**" if low or high else "yes"]


def interleaved(variants: Mapping[str, Callable[[], float]], rounds: int = 3) -> dict[str, list[float]]:
    """Each variant measured once a round; the first is what the others are compared with."""
    found: dict[str, list[float]] = {name: [] for name in variants}
    for _ in range(rounds):
        for name, measure in variants.items():
            found[name].append(measure())
    return found


def ratio(of: Sequence[float], to: Sequence[float]) -> float:
    """The median of the rounds' ratios: steadier than that of two medians where a machine is shared."""
    return statistics.median(a / b for a, b in zip(of, to, strict=True))


def demanded(what: str, measured: float, *, least: float | None = None, most: float | None = None) -> None:
    """Says what must hold, for the table at the top of RESULTS.md."""
    print(DEMANDED + json.dumps(Demand(what, float(measured), least, most)), flush=True)


def demand_in(line: str) -> Demand | None:
    """What `demanded` has printed, or None for any other line."""
    return Demand(*json.loads(line.removeprefix(DEMANDED))) if line.startswith(DEMANDED) else None


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Prints a Markdown table; the first column to the left, the others to the right."""
    print("\n".join([*lines(head, rows), ""]), flush=True)


def lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """The lines of that table."""
    return [
        "| " + " | ".join(head) + " |",
        "|---|" + "---:|" * (len(head) - 1),
        *("| " + " | ".join(map(_shown, row)) + " |" for row in rows),
    ]


def _shown(cell: object) -> str:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return f"{cell:,.0f}" if abs(cell) >= 20 or cell == int(cell) else f"{cell:.2f}"
    return str(cell)
