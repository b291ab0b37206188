"""A Twilio voice request as its parameters, however it reached us: by its own door, a stream, or a copy."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import orjson

from callstore.domain.facts import ids
from callstore.domain.facts.clock import Instant
from callstore.domain.facts.record import Ref
from ingest.dialects import parse

# Names a request in all its tries; some channels leave it out (reference: Twilio, changes of 2026-11, §3).
TOKEN = "i-twilio-idempotency-token"
_A_TOKEN = re.compile(r"[A-Za-z0-9_.:-]{1,64}")  # it is not signed, and a key is in the clear
# They differ between two deliveries of one request, or are left out of one (reference: Twilio, CallToken).
VOLATILE = frozenset({"CallToken", "StirPassportToken"})


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceRequest:
    """Parameters in the order they came, repeats kept.

    `path` and `query` are of the URL that was asked; `arrived` is the best moment known for a request
    that carries no time of its own; `token` names it in all its tries, where its headers are known.
    """

    pairs: tuple[tuple[str, str], ...]
    words: Mapping[str, str]
    path: str
    query: str
    arrived: Instant
    received_at: float
    raw: bytes
    token: str | None = None

    @property
    def subject(self) -> str:
        """The leg it is about, else the account."""
        return ids.leg_subject(self.words.get("CallSid")) or self.account

    @property
    def account(self) -> str:
        return parse.named("twilio", self.words.get("AccountSid") or "unknown")

    @property
    def account_sid(self) -> str | None:
        """The account that the request names, if it is one."""
        return ids.account_sid(self.words.get("AccountSid"))

    @property
    def fingerprint(self) -> bytes:
        """The content that tells this request from another of the same leg, in one form for every channel."""
        pairs = sorted((name, value) for name, value in self.pairs if value and name not in VOLATILE)
        query = sorted(parse_qsl(self.query, keep_blank_values=True))
        return orjson.dumps([self.path, query, pairs])


def voice_request(
    pairs: Iterable[tuple[object, object]],
    url: str,
    arrived: Instant,
    received_at: float,
    raw: bytes,
    token: object = None,
) -> VoiceRequest:
    """Reads parameters and the URL that was asked, which may be whole or only a path with its query."""
    clean = [
        (str(name).replace("\0", ""), "" if value is None else str(value).replace("\0", ""))
        for name, value in pairs
    ]
    path, query = _split(url)
    return VoiceRequest(
        pairs=tuple(clean),
        words={name: word for name, value in reversed(clean) if (word := value.strip())},
        path=path,
        query=query,
        arrived=arrived,
        received_at=received_at,
        raw=raw,
        token=token if isinstance(token, str) and _A_TOKEN.fullmatch(token) else None,
    )


def _split(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url.replace("\0", ""))
    except ValueError:
        return "/", ""
    return parts.path or "/", parts.query


def leg_refs(request: VoiceRequest, *names: str) -> tuple[Ref, ...]:
    """Refs to the legs and SIP dialogs that these parameters name."""
    found = []
    for name in names:
        value = request.words.get(name)
        if value and "CallSid" in name:
            if subject := ids.leg_subject(value):
                found.append(Ref(name, subject))
        elif value:
            found.append(Ref(name, parse.named("sip", value)))
    return tuple(found)
