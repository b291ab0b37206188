"""The figures of /metrics in groups, each told by who knows it: rooms above register here what is theirs."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import TypeAlias

from django.db import connection
from prometheus_client import CollectorRegistry, ProcessCollector, disable_created_metrics
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from callstore.base.seldom import Seldom
from callstore.postgres.reachable import is_reachable

log = logging.getLogger(__name__)
EVERY_S = 10.0  # the database is asked so often at most, however many scrape
PATIENCE_S = 3.0  # of a scrape with a database that is slow: below the patience of any scraper
Samples: TypeAlias = Mapping[tuple[str, ...], float]  # by the values of the labels


@dataclass(frozen=True, slots=True)
class Figure:
    """A gauge, or where its name ends with `_total` a counter: what it means, the names of its labels."""

    name: str
    meaning: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Figures that one question answers: `ask` gives the samples of each, in their order, or raises."""

    figures: tuple[Figure, ...]
    ask: Callable[[], Sequence[Samples]]


NEAR: list[Group] = []  # in files, memory or Valkey: asked at each scrape
STORED: list[Group] = []  # in the database

UP = Figure("callstore_database_up", "Whether the database answered when it was last asked.")
AGE = Figure("callstore_metrics_age_seconds", "How long ago the database last told its figures.")
_seldom = Seldom()
Family: TypeAlias = GaugeMetricFamily | CounterMetricFamily


def alone(value: float) -> Samples:
    """The samples of a figure without labels."""
    return {(): value}


class Figures(Collector):
    """All groups, for a registry. Those of the database are asked in a thread of their own and remembered."""

    def __init__(self) -> None:
        self._asker = ThreadPoolExecutor(1, "metrics")
        self._lock = Lock()
        self._asked: Future[None] | None = None
        self._due = 0.0
        self._known: dict[int, Sequence[Samples]] = {}
        self._up: Samples = {}
        self._told_at = monotonic()  # what was never told is as old as we are

    def collect(self) -> Iterator[Family]:
        """Every figure, without samples where nobody can know them now."""
        for group in NEAR:
            yield from _families(group, _answer(group))
        self._refresh()
        for number, group in enumerate(STORED):
            yield from _families(group, self._known.get(number))
        yield from _families(Group((UP, AGE), tuple), (self._up, alone(monotonic() - self._told_at)))

    def ask_anew(self) -> None:
        """Have the next scrape ask the database, whenever the last one did."""
        self._due = 0.0

    def _refresh(self) -> None:
        with self._lock:
            if (self._asked is None or self._asked.done()) and monotonic() >= self._due:
                self._due = monotonic() + EVERY_S
                self._asked = self._asker.submit(self._look)
            asked = self._asked
        if asked:
            wait([asked], PATIENCE_S)

    def _look(self) -> None:
        try:
            is_up = is_reachable()
            self._up = alone(is_up)
            found = [_answer(group) for group in STORED] if is_up else []
        finally:
            connection.close()  # back to the pool
        self._known |= {number: answer for number, answer in enumerate(found) if answer is not None}
        if found and None not in found:
            self._told_at = monotonic()


def _answer(group: Group) -> Sequence[Samples] | None:
    try:
        return group.ask()
    except Exception as error:  # one that cannot be known hides no other
        if _seldom.due(group.figures[0].name):
            log.warning("%s is not known now: %s", group.figures[0].name, type(error).__name__)
        return None


def _families(group: Group, answer: Sequence[Samples] | None) -> Iterator[Family]:
    for figure, samples in zip(group.figures, answer or [{}] * len(group.figures), strict=True):
        kind = CounterMetricFamily if figure.name.endswith("_total") else GaugeMetricFamily
        family = kind(figure.name, figure.meaning, labels=figure.labels)
        for labels, value in samples.items():
            family.add_metric(labels, value)
        yield family


disable_created_metrics()  # type: ignore[no-untyped-call]  # the library's own
# Of this process; counters are made with it where something is counted.
REGISTRY = CollectorRegistry()
FIGURES = Figures()
REGISTRY.register(FIGURES)
ProcessCollector(registry=REGISTRY)
