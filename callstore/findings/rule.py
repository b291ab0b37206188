"""What a rule is given and what it may say. Every module of `findings.rules` is a rule."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import NamedTuple, TypeAlias

from callstore.domain.analysis.ending import Ending, ending
from callstore.domain.analysis.finish_tools import USUAL_TOOLS, FinishTools
from callstore.domain.analysis.hearing import Hearing, hear
from callstore.domain.analysis.other_transcripts import Utterance, other_transcripts
from callstore.domain.call.call import Call
from callstore.domain.call.observation import Observation
from callstore.domain.facts.vocabulary import Certainty


class Case(NamedTuple):
    """A folded call, what was heard in it, who could have ended it, and what other ears wrote down."""

    call: Call
    hearing: Hearing
    ending: Ending
    words: tuple[Utterance, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One claim. It never says more than its evidence: `shown`, or only `consistent` with the facts.

    `evidence` are log positions; `start` and `end` Unix seconds of the interval it is about; `calls` the
    other calls that a rule across calls rests on.
    """

    slug: str
    says: str
    certainty: Certainty
    evidence: tuple[int, ...]
    start: float | None = None
    end: float | None = None
    missing: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()


Rule: TypeAlias = Callable[[Case], Iterator[Finding]]


def case(call: Call, tools: FinishTools = USUAL_TOOLS) -> Case:
    """Everything a rule may look at. `tools` are those by which the agents of this instance end a call."""
    hearing = hear(call)
    words = tuple(other_transcripts(call, hearing))
    return Case(call, hearing, ending(call, hearing, words, tools), words)


def modules_in(package: str) -> dict[str, ModuleType]:
    """The modules that lie in a package of rules, by name: a rule's slug is its module's name."""
    path = importlib.import_module(package).__path__
    names = sorted(module.name for module in pkgutil.iter_modules(path))
    return {name: importlib.import_module(f"{package}.{name}") for name in names}


@cache
def rules() -> dict[str, Rule]:
    """Every rule over one call, by its slug."""
    return {slug: module.find for slug, module in modules_in("callstore.findings.rules").items()}


def findings(of: Case) -> dict[str, Finding]:
    """What the rules find, by slug. A rule speaks at most once per call."""
    found = {}
    for check in rules().values():
        for finding in check(of):
            found[finding.slug] = finding
    return found


def positions(*seen: Observation | None) -> tuple[int, ...]:
    """The log positions of what was seen, each once, in the order given."""
    return tuple(dict.fromkeys(s.position for s in seen if s))
