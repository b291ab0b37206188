"""What a message says: numbers, links and verdicts, never a phone number or a spoken word."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from callstore.alerts.measure import Measured
from callstore.alerts.models import Alert, Firing
from callstore.report.document import Document


class Text(NamedTuple):
    """A message before it has a target. `key` joins the beginning and the end of a firing."""

    kind: str
    key: str
    subject: str
    body: str
    facts: dict[str, Any]


def fired(alert: Alert, firing: Firing, measured: Measured, calls: Sequence[Document]) -> Text:
    """Tell that an alert's answer passed its threshold, with the list of then and its newest calls."""
    said = amount(alert, measured)
    if alert.kind == "silence":
        lines = [f"- {each.name}: {each.why} {each.remedy}".rstrip() for each in measured.silent]
        health = _link(reverse("ingest"))
        lines = [f"{said}.", *lines, f"Every source: {health}", f"The alert: {_page(alert)}"]
        silent = [{"source": each.source, "why": each.why} for each in measured.silent]
        return _text("fired", alert, firing, f"{alert.name}: {said}", lines, {"sources": silent})
    since, until = (_moment(each) for each in measured.window)
    listed = _address("calls", {"q": alert.q, "from": since, "to": until})
    lines = [
        f"{said}, from {since} to {until}. The alert asks for {wanted(alert)}.",
        f"These calls: {listed}",
    ]
    lines += [f"- {_call(call)}" for call in calls]
    lines += [f"The alert: {_page(alert)}"]
    facts = {"list": listed, "calls": [_facts(call) for call in calls]}
    return _text("fired", alert, firing, f"{alert.name}: {said}", lines, facts)


def resolved(alert: Alert, firing: Firing, measured: Measured | None) -> Text:
    """Tell that it is below the threshold again; without a measure, that the alert was ended or changed."""
    since = f"It had fired at {_moment(firing.at)}."
    over = "" if alert.kind == "silence" else f" in the last {duration(alert.window_s)}"
    now = f"{amount(alert, measured)}{over}." if measured else None
    lines = [now or "The alert was changed or switched off.", since, f"The alert: {_page(alert)}"]
    return _text("resolved", alert, firing, f"Resolved: {alert.name}", lines, {})


def trial(alert: Alert) -> Text:
    """Tell nothing but that this target is reached."""
    lines = ["This is a test. Nothing has happened.", f"The alert: {_page(alert)}"]
    return Text(
        "test", f"callstore-alert-{alert.id}-test", f"Test: {alert.name}", "\n".join(lines), _of(alert)
    )


def amount(alert: Alert, measured: Measured) -> str:
    """What was measured, in words."""
    if alert.kind == "silence":
        silent = ", ".join(each.name for each in measured.silent)
        return f"silent: {silent}" if silent else "no source is silent"
    if measured.calls is None:
        return f"{measured.found} {'call' if measured.found == 1 else 'calls'}"
    if measured.value is None:
        return f"too few calls to say ({measured.calls}, at least {alert.least})"
    return f"{measured.value:.1%} of calls ({measured.found} of {measured.calls})"


def number(kind: str, value: float | None) -> str:
    """What was measured, short; a dash where it says nothing."""
    if value is None:
        return "–"
    return f"{value:.1%}" if kind == "share" else f"{value:g}"


def wanted(alert: Any) -> str:
    """What an alert, or the terms of one, waits for, in words."""
    if alert.kind == "silence":
        return f"{alert.source or 'any source'} silent against its own hour"
    if alert.kind == "share":
        return f"at least {alert.threshold:.1%} of at least {alert.least} calls in {duration(alert.window_s)}"
    return f"at least {alert.threshold:g} in {duration(alert.window_s)}"


def duration(seconds: int) -> str:
    """Whole minutes or hours, in words."""
    number, unit = (seconds // 3600, "hour") if seconds % 3600 == 0 and seconds else (seconds // 60, "minute")
    return f"{number} {unit}{'' if number == 1 else 's'}"


def _text(
    kind: str, alert: Alert, firing: Firing, subject: str, lines: Sequence[str], facts: dict[str, Any]
) -> Text:
    facts = {**_of(alert), "fired_at": _moment(firing.at), "value": firing.value, **facts}
    return Text(kind, f"callstore-alert-{alert.id}-{firing.id}", subject, "\n".join(lines), facts)


def _of(alert: Alert) -> dict[str, Any]:
    asked = {"q": alert.q, "kind": alert.kind, "threshold": alert.threshold, "window_s": alert.window_s}
    return {"alert": {"id": alert.id, "name": alert.name, "url": _page(alert), **asked}}


def _facts(call: Document) -> dict[str, Any]:
    told = ("call_id", "started_at", "verdict", "verdict_confidence", "cause")
    return {
        **{field: call.get(field) for field in told},
        "url": _link(reverse("call", args=[call["call_id"]])),
    }


def _call(call: Document) -> str:
    facts = _facts(call)
    return f"{facts['started_at']} {facts['verdict']} ({facts['verdict_confidence']}): {facts['url']}"


def _page(alert: Alert) -> str:
    return _link(reverse("alert", args=[alert.id]))


def _address(name: str, parts: dict[str, str]) -> str:
    return _link(f"{reverse(name)}?{urlencode(parts)}")


def _link(path: str) -> str:
    return f"{settings.PUBLIC_BASE_URL}{path}"


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""
