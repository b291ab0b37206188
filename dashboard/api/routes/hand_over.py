"""What of a call leaves the house: a fixture, a bundle for a provider's support, and links to its report."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Body, Path, Query, Router, Status

from callstore.base.few_at_once import FewAtOnce
from callstore.media.storage import storage
from callstore.media.store import NotKept
from callstore.people import audit, shares, who
from callstore.projection.queries import TooLarge
from callstore.report.document import Document
from callstore.report.history import TooLong
from dashboard.access.principal import may
from dashboard.api.answers import ERRORS, ERRORS_OF_WRITES, CallId, call_or_404
from dashboard.api.auth import Session, Token, WritingSession
from dashboard.api.problems import Problem
from dashboard.api.shapes import share as shape
from dashboard.api.shapes.calls import Wrong
from dashboard.hand_over.bundle import bundle
from dashboard.hand_over.collect import Erased, collected
from dashboard.hand_over.collected import Collected
from dashboard.hand_over.fixture import fixture
from dashboard.hand_over.links import address, traces_of
from dashboard.hand_over.packed import packed
from dashboard.hand_over.questions import Vendor
from dashboard.hand_over.secret import secret_of

READERS = [Session(), Token()]
GONE: dict[Any, Any] = {403: Wrong, 409: Wrong, 410: Wrong}
ZIP = {"schema": {"type": "string", "format": "binary"}}
ARCHIVE = {"responses": {200: {"description": "The archive", "content": {"application/zip": ZIP}}}}
Id = Annotated[Vendor, Query(alias="for", description="Whose support it is for")]
ShareId = Annotated[UUID, Path(description="As the list of a call's shares names it")]
WithAudio = Annotated[
    bool,
    Query(description="With the recording, for who sees raw deliveries"),
]

# Of a call of 100,000 events an archive takes a thread for half a minute, and a gigabyte.
BUSY = "An archive of another call is being made just now. Ask again in a moment."
_making = FewAtOnce(1, 1.0, lambda: Problem(503, BUSY))

router = Router(tags=["hand over"], auth=[WritingSession(), Token()])


@router.get("/calls/{id}/fixture.zip", response={**ERRORS, **GONE}, auth=READERS, openapi_extra=ARCHIVE)
def get_fixture(request: HttpRequest, id: CallId, audio: WithAudio = False) -> HttpResponse:
    """The call as a scenario, everything personal made up: what `send_scenario` and `evaluate` take."""
    if audio and not may(request, "raw"):
        raise Problem(403, "You may not take a recording along.")
    with _making.one():
        of = _collected(id)
        call_id, sound = of.call["call_id"], _recording(of.call) if audio else None
        files = fixture(of, secret_of(call_id), with_audio=frozenset([sound[0]] if sound else []))
        if sound:
            files["recording.wav"] = sound[1]
        audit.record(request, "exported", call_id, what="fixture", audio=sound is not None)
        return _archive(files, f"fixture-{call_id[:8]}")


@router.get("/calls/{id}/bundle.zip", response={**ERRORS, **GONE}, auth=READERS, openapi_extra=ARCHIVE)
def get_bundle(request: HttpRequest, id: CallId, vendor: Id) -> HttpResponse:
    """What a provider's support needs of the call; ids are true, and numbers, names and words hidden."""
    with _making.one():
        of = _collected(id)
        secret = secret_of(of.call["call_id"])
        files = bundle(of, vendor, by=who.name(request), at=datetime.now(UTC), secret=secret)
        audit.record(request, "bundle_made", of.call["call_id"], vendor=vendor)
        return _archive(files, f"bundle-{vendor}-{of.call['call_id'][:8]}")


@router.post("/calls/{id}/shares", response={201: shape.ShareMade, **ERRORS, **ERRORS_OF_WRITES, **GONE})
def make_share(request: HttpRequest, id: CallId, wanted: Annotated[shape.ShareToMake, Body()]) -> Status[Any]:
    """Make a link by which the call's redacted report is read without a login. It is told this once."""
    call = _kept(id)
    try:
        made = shares.make(call["call_id"], who.name(request), wanted.expires_in_s, audio=wanted.audio)
    except shares.TooManyShares:
        raise Problem(409, f"This call has {shares.MOST_OPEN} open shares. Revoke one first.") from None
    audit.record(request, "share_made", call["call_id"], share=str(made.share.pk), audio=wanted.audio)
    return Status(201, {**shape.told(made.share), "url": address(request, made.token)})


@router.get("/calls/{id}/shares", response={200: shape.Shares, **ERRORS}, auth=READERS)
def list_shares(request: HttpRequest, id: CallId) -> Any:
    """The shares of a call, newest first, without their links."""
    return {"items": [shape.told(each) for each in shares.of_call(traces_of(call_or_404(id)))]}


@router.delete("/shares/{id}", response={204: None, **ERRORS, **ERRORS_OF_WRITES})
def revoke_share(request: HttpRequest, id: ShareId) -> Status[None]:
    """End a share now. Again it changes nothing."""
    found = shares.by_id(id)
    if found is None:
        raise Problem(404, "There is no such share.")
    if shares.revoke(found, who.name(request)):
        audit.record(request, "share_revoked", str(found.trace_id), share=str(id))
    return Status(204, None)


def _kept(id: str) -> Document:
    """The call, where there still is something to hand over. Raises Problem."""
    call = call_or_404(id)
    if call.get("erased_at"):
        raise Problem(410, "This call was erased.")
    return call


def _collected(id: str) -> Collected:
    try:
        return collected(_kept(id))
    except Erased as error:
        raise Problem(410, str(error)) from None
    except (TooLong, TooLarge) as error:
        raise Problem(422, str(error)) from None


def _recording(call: Document) -> tuple[str, bytes] | None:
    """The first recording of two channels that is kept as a WAV, and its bytes."""
    for entry in call.get("recordings") or ():
        kept = entry.get("media") or ""
        if kept.endswith(".wav") and entry["channels"] == 2:
            try:
                return entry["recording"], storage().read(kept)
            except (OSError, NotKept):
                continue
    return None


def _archive(files: dict[str, bytes], name: str) -> HttpResponse:
    answer = HttpResponse(packed(files), "application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return answer
