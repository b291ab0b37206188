"""Answers to a provider's support as lines of text: moments with how far they may be off, and ids. Pure."""

from collections.abc import Iterable
from typing import Any, TypeAlias

from callstore.domain.facts.record import Record
from callstore.report.document import Report
from callstore.report.panel.facts import facts as panel_facts

Answer: TypeAlias = tuple[str, list[str]]
UNKNOWN = "not known to us"


def named(ids: dict[str, object]) -> list[str]:
    """Each thing by its name, told also where it is not known."""
    return [f"{name}: {UNKNOWN if value is None else f'`{value}`'}" for name, value in ids.items()]


def at(moment: Any) -> str:
    """A moment with how far it may lie after its stamp."""
    if not moment:
        return UNKNOWN
    precision = moment.get("precision_ms") or 1
    off = f" (+ up to {precision} ms)" if precision > 1 else " (± 1 ms)"
    return str(moment["at"]) + off


def of_type(facts: Iterable[Record], kind: type[object]) -> list[Record]:
    """The facts of one type by their time."""
    return sorted((fact for fact in facts if isinstance(fact.event, kind)), key=lambda fact: fact.occurred.at)


def sip_call_id(facts: Iterable[Record]) -> str | None:
    """The SIP Call-ID of the leg to the AI, as either side named it."""
    found = (getattr(fact.event, "sip_call_id", None) for fact in facts)
    return next(filter(None, found), None)


def sip_uri(call: Report) -> str | None:
    """Whom the leg to the AI called."""
    called = (leg["to"] for leg in call["legs"] if leg["role"] == "child")
    return next((to for to in called if to and to.startswith("sip")), None)


def other_side(call: Report) -> list[str]:
    """What all witnesses together give."""
    numbers = [
        f"{fact.name}: {fact.value}{f' ({fact.note})' if fact.note else ''}" for fact in panel_facts(call)
    ]
    return [*numbers, *(f"{check['check']}: {check['finding']}" for check in call["judgement"]["checks"])]


def asked_of(call: Report, vendor: str) -> list[str]:
    """What would settle the verdict and is asked of this vendor, in words to this vendor."""
    asked = f"Ask {vendor} "
    steps = [step.removeprefix(asked) for step in call["judgement"]["settle"] if step.startswith(asked)]
    return [step[:1].upper() + step[1:] for step in (each.removeprefix("for ") for each in steps)]
