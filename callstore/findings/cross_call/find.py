"""Every rule across calls, and all of them run over one set of calls."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from types import ModuleType
from typing import TypeAlias

from callstore.findings.cross_call.summary import Incident, Summary
from callstore.findings.rule import Finding, modules_in

CrossCallRule: TypeAlias = Callable[[Sequence[Summary], Sequence[Incident]], Iterator[tuple[str, Finding]]]


@cache
def cross_call_rules() -> dict[str, CrossCallRule]:
    """Every rule over many calls, by its slug."""
    return {slug: module.find for slug, module in _modules().items()}


@cache
def _modules() -> dict[str, ModuleType]:
    return modules_in("callstore.findings.cross_call.rules")


@cache
def reach_s() -> float:
    """How far from a call, in seconds, the calls are that a rule may count for it."""
    return float(max(module.WINDOW_S for module in _modules().values()))


def find_cross_call(calls: Sequence[Summary], incidents: Sequence[Incident] = ()) -> dict[str, list[Finding]]:
    """What the rules find, by call id. Each call must be given once; their order does not matter."""
    found: dict[str, list[Finding]] = {}
    for check in cross_call_rules().values():
        for call_id, finding in check(calls, incidents):
            found.setdefault(call_id, []).append(finding)
    return found
