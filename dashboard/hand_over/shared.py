"""The page of a share: one call's redacted report, for who has the link and no login."""

from datetime import UTC, datetime
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from callstore.base.few_at_once import FewAtOnce
from callstore.domain.facts.clock import iso
from callstore.media.store import NotKept
from callstore.people import audit, shares
from callstore.people.address import client_address
from callstore.people.models import Share
from callstore.projection import queries
from callstore.report.clock_text import day
from callstore.report.disguise.disguise import masked
from callstore.report.disguise.hidden import hidden, hiding
from callstore.report.disguise.spoken import without_numbers
from callstore.report.document import Document
from callstore.report.history import TooLong
from dashboard.export import recording as recording_bytes
from dashboard.hand_over.written_report import written_report
from dashboard.login.throttle import asked_again

HEADERS = {
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
}
LOOKS = 60  # a minute at one share from one address: each is an entry of the audit
FROM_THE_START = ("", "bytes=0-")
WHY = {
    "expired": "This link has expired. Ask whoever gave it to you for a new one.",
    "revoked": "This link was revoked. Ask whoever gave it to you for a new one.",
    "erased": "The call that this link was about was erased.",
    "retired": "The call that this link was about is of a month whose calls are no longer kept.",
    "unknown": "Nobody made a link like this one. Perhaps a part of it is missing.",
    "silent": "This share has no such recording.",
}
NOT_THERE = ("unknown", "silent")


class _TooOften(Exception):
    """Somebody looks at a share all the time; how many seconds he has to wait."""


class _Busy(Exception):
    """Others look at shares, and it takes long."""


class _Over(Exception):
    """The share is over; the message is a key of WHY."""


# The report of 100,000 facts takes a thread of the pages for six seconds: strangers never have all of them.
_making = FewAtOnce(2, 1.0, _Busy)


@require_safe
def share(request: HttpRequest, token: str) -> HttpResponseBase:
    """The report, its numbers and names hidden; its words too, unless the share has the sound of them."""
    try:
        found, call = _open(token)
        _note(request, found, call)
        with _making.one():
            facts = queries.facts(call["call_id"])
            words = without_numbers if found.audio else masked
            document = hidden(facts, hiding(facts), settings.FINISH_TOOLS, words)
    except _Over as over:
        return _over(request, over)
    except _TooOften as wait:
        return _later(request, wait)
    except _Busy:
        why = "Others look at shares just now. Try again in a moment."
        return _again(_told(request, "Too many looks", why, HTTPStatus.SERVICE_UNAVAILABLE), 5)
    except TooLong as error:
        return _told(
            request, "This call is too long to be shared", str(error), HTTPStatus.UNPROCESSABLE_ENTITY
        )
    shares.viewed(found)
    ends = {"from": document.get("from"), "to": document.get("to")}
    until = day(iso(found.expires_at.timestamp()))
    what = "Numbers, and names outside of what was said," if found.audio else "Numbers, names and words"
    shown = {
        **written_report(document, ends),
        "shared": True,
        "hides_words": not found.audio,
        "notice": f"Shared until {until}. {what} are hidden; the same mark is the same number.",
        "made_at": iso(datetime.now(UTC).timestamp()),
        "sounds": _sounds(token, call) if found.audio else [],
    }
    return _sealed(render(request, "dashboard/hand_over/report.html", shown))


@require_safe
def share_audio(request: HttpRequest, token: str, recording: str) -> HttpResponseBase:
    """The bytes of a recording of a share that allows them; any range of them."""
    try:
        found, call = _open(token)
    except _Over as over:
        return _over(request, over)
    kept = {one["recording"]: one["media"] for one in call.get("recordings") or ()}
    if not found.audio or not (key := kept.get(recording)):
        return _over(request, _Over("silent"))
    try:
        if not _goes_on(request, found, recording):
            _note(request, found, call, recording=recording)
        answer = recording_bytes.serve(request, key)
    except _TooOften as wait:
        return _later(request, wait)
    except (OSError, NotKept):
        answer = None
    return _over(request, _Over("silent")) if answer is None else _sealed(answer)


def _open(token: str) -> tuple[Share, Document]:
    """The share and its call. Raises _Over."""
    found = shares.find(token)
    if found is None:
        raise _Over("unknown")
    if (state := shares.state(found, timezone.now())) != "open":
        raise _Over(state)
    call = queries.find(str(found.trace_id))
    if call is None and queries.expired(str(found.trace_id)):
        raise _Over("retired")
    if call is None or call.get("erased_at"):
        raise _Over("erased")
    return found, call


def _goes_on(request: HttpRequest, found: Share, recording: str) -> bool:
    """Whether this is a further stretch of what somebody hears there, and was entered within the minute."""
    address = client_address(request.META, settings.TRUSTED_PROXIES)
    was_entered = asked_again(f"share:{found.pk}:{address}:{recording}", 1) > 0
    return was_entered and request.headers.get("Range", "") not in FROM_THE_START


def _note(request: HttpRequest, found: Share, call: Document, **more: str) -> None:
    """Keep that somebody looks, before he does. Raises _TooOften."""
    address = client_address(request.META, settings.TRUSTED_PROXIES)
    if seconds := asked_again(f"share:{found.pk}:{address}", LOOKS):
        raise _TooOften(seconds)
    audit.record(request, "share_viewed", call["call_id"], share=str(found.pk), **more)


def _later(request: HttpRequest, wait: _TooOften) -> HttpResponseBase:
    why = f"Somebody looks at this share all the time. Try again in {wait} s."
    return _again(_told(request, "Too many looks", why, HTTPStatus.TOO_MANY_REQUESTS), str(wait))


def _again(answer: HttpResponseBase, seconds: object) -> HttpResponseBase:
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _sounds(token: str, call: Document) -> list[dict[str, object]]:
    return [
        {"url": reverse("share-audio", args=[token, one["recording"]]), "start_s": one["start_s"]}
        for one in call.get("recordings") or ()
        if one.get("media")
    ]


def _over(request: HttpRequest, over: _Over) -> HttpResponseBase:
    what = str(over)
    if what in NOT_THERE:
        return _told(request, "There is nothing here", WHY[what], HTTPStatus.NOT_FOUND)
    return _told(request, "This share is over", WHY[what], HTTPStatus.GONE)


def _told(request: HttpRequest, headline: str, why: str, status: HTTPStatus) -> HttpResponseBase:
    shown = {"headline": headline, "why": why, "shared": True}
    return _sealed(render(request, "dashboard/hand_over/over.html", shown, status=status))


def _sealed(answer: HttpResponseBase) -> HttpResponseBase:
    for name, value in HEADERS.items():
        answer.headers[name] = value
    return answer
