"""What somebody said about the call: warnings, errors, the application's own words."""

from collections.abc import Iterator

from dashboard.lanes.mark import Document, Mark, found, mark, middle, placed, uncertainty

SAID = {
    "hangup_requested": "hang-up requested",
    "session_finished": "session finished",
    "exception": "exception",
    "deployed": "deployed",
}
LOUD = {"error", "critical"}


def signals(document: Document, horizon: float) -> Iterator[Mark]:
    """Each as a moment."""
    harmless = found(document, "header_dropped")
    for warning in filter(placed, document.get("warnings") or ()):
        note = "correlation defect, not the cause" if harmless and warning["code"].startswith("32") else ""
        yield mark(
            "signals", "moment", f"{warning['code']} {note}".strip(), middle(warning),
            role="error" if warning["level"] == "error" else "signal", detail=warning["message"],
            uncertainty_s=uncertainty(warning), suspicious=True, positions=warning["positions"],
        )  # fmt: skip
    for said in filter(placed, document.get("said") or ()):
        loud = said["what"] == "exception" or said["level"] in LOUD
        yield mark(
            "signals", "moment", SAID.get(said["what"]) or said["message"] or "log", middle(said),
            role="error" if loud else "app", detail=said["message"] if said["what"] in SAID else "log line",
            uncertainty_s=uncertainty(said), suspicious=loud, positions=said["positions"],
        )  # fmt: skip
    for error in filter(placed, (document.get("session") or {}).get("errors") or ()):
        yield mark(
            "signals", "moment", error["code"] or error["type"] or "error", middle(error),
            role="error", detail=error["message"],
            uncertainty_s=uncertainty(error), suspicious=True, positions=[error["position"]],
        )  # fmt: skip
