"""What somebody said about the call: warnings, errors, Voice Insights, the application, status pages."""

from collections.abc import Iterator

from callstore.domain.facts.clock import unix
from callstore.domain.facts.vocabulary import StatementKind
from callstore.report.document import Report
from dashboard.call.lanes.mark import Mark, has_finding, mark, middle, placed, uncertainty

SAID: dict[StatementKind, str] = {
    "hangup_requested": "hang-up requested",
    "session_finished": "session finished",
    "exception": "exception",
    "deployed": "deployed",
}
LOUD = {"error", "critical"}
SUSPICIOUS = {*LOUD, "warning"}


def signals(document: Report, horizon: float) -> Iterator[Mark]:
    """Each as a moment; incidents as stretches."""
    harmless = has_finding(document, "header_dropped")
    for warning in filter(placed, document.get("warnings") or ()):
        note = "correlation defect, not the cause" if harmless and warning["code"].startswith("32") else ""
        yield mark(
            "signals", "moment", f"{warning['code']} {note}".strip(), middle(warning),
            role="error" if warning["level"] == "error" else "signal", detail=warning["message"],
            uncertainty_s=uncertainty(warning), suspicious=True, positions=warning["positions"],
        )  # fmt: skip
    for noted in filter(placed, document.get("media_notes") or ()):
        where = (noted["level"], noted["group"], noted["edge"])
        yield mark(
            "signals", "moment", noted["name"], middle(noted),
            role="error" if noted["level"] in LOUD else "signal",
            detail=" · ".join(["Voice Insights", *filter(None, where)]),
            uncertainty_s=uncertainty(noted), suspicious=noted["level"] in SUSPICIOUS,
            positions=noted["positions"],
        )  # fmt: skip
    for said in filter(placed, document.get("said") or ()):
        loud = said["what"] == "exception" or said["level"] in LOUD
        yield mark(
            "signals", "moment", SAID.get(said["what"]) or said["message"] or "log", middle(said),
            role="error" if loud else "app", detail=said["message"] if said["what"] in SAID else "log line",
            uncertainty_s=uncertainty(said), suspicious=loud, positions=said["positions"],
        )  # fmt: skip
    others = document.get("other_conversations") or ()
    sessions = [*(other["session"] for other in others), document.get("session")]
    errors = [error for session in sessions if session for error in session.get("errors") or ()]
    for error in filter(placed, errors):
        yield mark(
            "signals", "moment", error["code"] or error["type"] or "error", middle(error),
            role="error", detail=error["message"],
            uncertainty_s=uncertainty(error), suspicious=True, positions=[error["position"]],
        )  # fmt: skip
    yield from _incidents(document, horizon)


def _incidents(document: Report, horizon: float) -> Iterator[Mark]:
    """What status pages reported of the time, as far as it lies on the axis. It says nothing of this call."""
    began = document.get("started_at")
    if began is None:
        return
    for entry in document.get("incidents") or ():
        start, ended_at = unix(entry["started_at"]) - unix(began), entry["ended_at"]
        end = horizon if ended_at is None else unix(ended_at) - unix(began)
        if start < horizon and end > 0:
            yield mark(
                "signals", "state", f"{entry['provider']}: {entry['title']}", max(0.0, start),
                min(horizon, end), role="signal", detail="its status page says so; overlap is not cause",
            )  # fmt: skip
