"""Things measured in turns, so that what disturbs one disturbs all, and the table that tells of them."""

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence


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


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Prints a Markdown table; the first column to the left, the others to the right."""
    print("| " + " | ".join(head) + " |")
    print("|---|" + "---:|" * (len(head) - 1))
    for row in rows:
        print("| " + " | ".join(_shown(cell) for cell in row) + " |")
    print(flush=True)


def _shown(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:,.0f}" if abs(cell) >= 20 else f"{cell:.2f}"
    return str(cell)
