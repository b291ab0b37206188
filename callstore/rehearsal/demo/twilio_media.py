"""The demo's stand-in for Twilio's recording API: it takes a recording from send_scenario and serves it.

https://www.twilio.com/docs/voice/api/recording
"""

import base64
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

from callstore.base.tokens import is_one_of
from callstore.domain.facts import ids
from ingest.providers.app import setting as app
from ingest.providers.provider import configured
from ingest.providers.twilio import setting as twilio

PATH = (
    rf"^demo/twilio/2010-04-01/Accounts/(?P<account>AC{ids.DIGITS})"
    rf"/Recordings/(?P<sid>RE{ids.DIGITS})(?:\.wav)?\Z"
)
# An hour of two channels at 8 kHz and 16 bit is 115 MB.
LIMIT = 128 * 1024 * 1024
PIECE = 1024 * 1024


@csrf_exempt
def recording(request: HttpRequest, account: str, sid: str) -> HttpResponseBase:
    """PUT with an ingest token stores; GET with the account's own credentials serves, as Twilio does."""
    path = place(account, sid)
    if request.method == "PUT":
        return _store(request, path)
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD", "PUT"])
    if not _is_account(request, account):
        return HttpResponse(status=401, headers={"WWW-Authenticate": 'Basic realm="Twilio API"'})
    if not path.is_file():
        return HttpResponse(status=404)
    return FileResponse(path.open("rb"), content_type="audio/x-wav")


def place(account: str, sid: str) -> Path:
    """Where a recording is kept that this stand-in serves."""
    return Path(settings.DATA_DIR) / "demo-media" / account / f"{sid}.wav"


def _store(request: HttpRequest, path: Path) -> HttpResponse:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not is_one_of(token, configured(app.SETTING)):
        return HttpResponse(status=403)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    size = 0
    with part.open("wb") as file:
        while piece := request.read(PIECE):
            size += file.write(piece)
            if size > LIMIT:
                break
    if size > LIMIT:
        part.unlink()
        return HttpResponse(status=413)
    part.replace(path)
    return HttpResponse(status=201)


def _is_account(request: HttpRequest, account: str) -> bool:
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    try:
        user, _, token = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        return False
    tokens = configured(twilio.SETTING).get(account, [])
    return scheme == "Basic" and user == account and is_one_of(token, tokens)
