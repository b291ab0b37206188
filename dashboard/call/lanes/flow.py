"""Our own call flow: what Twilio asked, what the caller pressed, and the TwiML we answered."""

from collections.abc import Iterator
from itertools import pairwise

from callstore.domain.facts.clear import PREFIX
from callstore.domain.facts.vocabulary import AskKind
from callstore.report.document import Report
from callstore.report.document_parts import AskPart, Moment
from dashboard.call.lanes.mark import Mark, mark, middle, placed, uncertainty

ASKED: dict[AskKind, str] = {"voice": "call arrives", "gather": "digits", "dial": "dial action"}
# Verbs during which the caller is in the flow; the others end it or hand it on.
STAYS = {"Gather", "Say", "Play", "Pause", "Record"}


def flow(document: Report, horizon: float) -> Iterator[Mark]:
    """A stretch for each answer until the next request, and each request as a moment."""
    asks = [ask for ask in document.get("flow") or () if placed(ask["asked"] or ask["answered"])]
    for ask, following in pairwise([*asks, None]):
        if ask is None:
            continue
        yield _request(ask)
        until = middle(_at(following)) if following else None
        if until is not None and ask["verbs"] and until > middle(_at(ask)):
            yield mark(
                "ivr", "state", verbs(ask), middle(_at(ask)), until,
                role="ivr" if STAYS & set(ask["verbs"]) else "ivr-early",
                positions=_positions(ask),
            )  # fmt: skip


def verbs(ask: AskPart) -> str:
    """The TwiML's verbs as we wrote them."""
    return " ".join(f"<{verb}>" if verb != "Hangup" else "<Hangup/>" for verb in ask["verbs"] or ())


def digits(pressed: str) -> str:
    """A menu's single key is shown; more could be a code that is the caller's own."""
    return pressed if len(pressed) == 1 else "•" * len(pressed)


def _request(ask: AskPart) -> Mark:
    label = ASKED.get(ask["kind"], ask["kind"])
    if ask["digits"]:
        label = f"key {digits(ask['digits'])}"
    elif ask["kind"] == "dial":
        label = f"dial action → {verbs(ask)}" if ask["verbs"] else "dial action"
    answer = f", answered with {verbs(ask)}" if ask["verbs"] else ""
    said = f": the AI leg was {ask['dial_status']}" if ask["dial_status"] else ""
    path = "an address that was erased" if ask["path"].startswith(PREFIX) else ask["path"]
    at = _at(ask)
    return mark(
        "ivr", "end" if ask["kind"] == "dial" else "moment", label, middle(at),
        role="ivr", detail=f"{path}{said}{answer}",
        uncertainty_s=uncertainty(at), positions=_positions(ask),
    )  # fmt: skip


def _at(ask: AskPart) -> Moment:
    """When it was asked, or answered where only that was seen. One of them is placed."""
    for moment in (ask["asked"], ask["answered"]):
        if placed(moment):
            return moment
    raise ValueError("This request lies on no axis.")


def _positions(ask: AskPart) -> list[int]:
    return [moment["position"] for moment in (ask["asked"], ask["answered"]) if moment]
