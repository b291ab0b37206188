"""Every rule across calls, and all of them run over one set of calls."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, TypeAlias

from callstore.domain.clock import iso
from callstore.findings.across.summary import Incident, Summary
from callstore.findings.rule import Finding

AcrossRule: TypeAlias = Callable[[Sequence[Summary], Sequence[Incident]], Iterator[tuple[str, Finding]]]


@cache
def across_rules() -> dict[str, AcrossRule]:
    """Every rule by its slug, which is its module's name."""
    package = importlib.import_module("callstore.findings.across")
    modules = {
        m.name: importlib.import_module(f"{package.__name__}.{m.name}")
        for m in pkgutil.iter_modules(package.__path__)
    }
    return {name: module.check for name, module in sorted(modules.items()) if hasattr(module, "check")}


@cache
def reach_s() -> float:
    """How far from a call, in seconds, the calls are that a rule may count for it."""
    modules = [importlib.import_module(rule.__module__) for rule in across_rules().values()]
    return float(max(module.WINDOW_S for module in modules))


def as_json(finding: Finding) -> dict[str, Any]:
    """A finding in the shape that a report gives its own; `calls` are others that it rests on."""
    return {
        "slug": finding.slug,
        "says": finding.says,
        "certainty": finding.certainty,
        "positions": list(finding.evidence),
        "start_s": None,
        "end_s": None,
        "missing": list(finding.missing),
        "calls": list(finding.calls),
        "start_at": iso(finding.start),
        "end_at": iso(finding.end),
    }


def find_across(calls: Sequence[Summary], incidents: Sequence[Incident] = ()) -> dict[str, list[Finding]]:
    """What the rules find, by call id. Each call must be given once; their order does not matter."""
    found: dict[str, list[Finding]] = {}
    for check in across_rules().values():
        for call_id, finding in check(calls, incidents):
            found.setdefault(call_id, []).append(finding)
    return found
