"""X-Twilio-Signature: made with Twilio's own validator, checked as it does at a bounded price.

https://www.twilio.com/docs/usage/webhooks/webhooks-security

The validator sorts and joins the whole form for each way in which the URL may have been written. Here that is
done once a form, and a body that no call of Twilio's has is refused before it is taken apart: an unsigned
request needs no secret to be sent, so its refusal must cost next to nothing. The tests hold the two together.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from urllib.parse import parse_qsl

from django.conf import settings
from twilio.request_validator import (
    HMAC_SHA1,
    HMAC_SHA256,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)

from callstore.domain.facts.ids import ACCOUNT_SID
from ingest.providers.delivery import Delivery
from ingest.providers.provider import NotConfigured, Refused, configured, first
from ingest.providers.twilio import likeness
from ingest.providers.twilio.setting import SETTING
from ingest.providers.twilio.writings import SOMETIMES_UNSIGNED, always_signed, tail, writings

SIGNATURE, SETTINGS_HEADER = "x-twilio-signature", SIGNATURE_SETTINGS_HEADER.lower()
DIGESTS = {HMAC_SHA1: "sha1", HMAC_SHA256: "sha256"}
# Twilio's largest forms, debugger notifications, have a dozen fields and quote a TwiML answer of up to 64 kB.
FIELDS_UP_TO = 500
ESCAPES_UP_TO = 30_000  # of `%XX`, which cost most in reading a form
RAW_UP_TO = 256 * 1024  # of bytes that are none of ASCII, as a form's all are, and cost as much
# So many bytes are hashed in search of another writing: a form of 2 kB is tried in each of them.
SEARCHED_BYTES = 2_000_000
SHOWN = 200  # characters of a path; ours are shorter
REMEDIES = {
    "wrong signature": "callstore verifies what begins with PUBLIC_BASE_URL, {PUBLIC_BASE_URL}. It must be"
    " what Twilio calls, to the letter: https or http, host, port. If it is, the account has another auth"
    " token than TWILIO_ACCOUNTS.",
    "PUBLIC_BASE_URL is not set": "Set PUBLIC_BASE_URL to what Twilio calls.",
    "unknown account": "TWILIO_ACCOUNTS does not name the account that the request does.",
    "no signature": "It was not Twilio who asked, or a proxy drops X-Twilio-Signature.",
    "wrong body digest": "A proxy changes the body or the query.",
    "unknown algorithm": "It was not Twilio who asked, or it signs in a way that its package `twilio`"
    " of this version does not know.",
    "too large a form": "No form of Twilio's has so many fields or escapes: it was not Twilio who asked.",
}


def verify_headers(bare: Delivery) -> None:
    """Raises Refused where no signature is given, or none that could be checked."""
    if not bare.headers.get(SIGNATURE):
        raise Refused("no signature")
    if not settings.PUBLIC_BASE_URL:
        raise Refused("PUBLIC_BASE_URL is not set")
    if _algorithm(bare) not in DIGESTS:
        raise Refused("unknown algorithm")


def verify(delivery: Delivery) -> None:
    """Raises Refused unless a token of the named account signed this request.

    Query orders and parameters that Twilio itself is known to change are tried after the plain reading.
    """
    verify_headers(delivery)
    tokens = _json_tokens(delivery) if delivery.is_json else _form_tokens(delivery)
    if _signed_tail(delivery, tokens) is None:
        seen = f"It was verified as {_shown(delivery.path)!a}"
        raise Refused("wrong signature", seen=seen, looks_like=_likeness(delivery, tokens))


def _shown(path: str) -> str:
    """The URL that a signature was held against; what stands in its query is no matter of a log."""
    bare, query, _ = path.partition("?")
    return f"{settings.PUBLIC_BASE_URL}{bare[:SHOWN]}{query and '?...'}"


def without_unsigned(delivery: Delivery) -> Delivery:
    """The verified delivery without the fields that its signature leaves out: anybody may have added them."""
    accounts = configured(SETTING)
    if delivery.is_json or SIGNATURE not in delivery.headers or not settings.PUBLIC_BASE_URL:
        return delivery
    words = dict(reversed(delivery.form))
    if SOMETIMES_UNSIGNED.isdisjoint(words):
        return delivery
    tokens = accounts.get(words.get("AccountSid", ""), [])
    if _signed_tail(delivery, tokens) != tail(always_signed(delivery.form)):
        return delivery
    fields = [replace(delivery, body=field) for field in delivery.body.split(b"&") if field]
    kept = [field.body for field in fields if field.form[0][0] not in SOMETIMES_UNSIGNED]
    return replace(delivery, body=b"&".join(kept))


def _algorithm(delivery: Delivery) -> str:
    return _named_by(delivery.headers.get(SETTINGS_HEADER))


@lru_cache(maxsize=8)  # asked three times a delivery, and few name one
def _named_by(written: str | None) -> str:
    named: str = get_signature_algorithm(written)
    return named.upper()


def _form_tokens(delivery: Delivery) -> list[str]:
    body = delivery.body
    is_costly = len(body) > RAW_UP_TO and not body.isascii()
    if is_costly or body.count(b"&") >= FIELDS_UP_TO or body.count(b"%") > ESCAPES_UP_TO:
        raise Refused("too large a form")
    accounts = configured(SETTING)
    account = next((value for name, value in delivery.form if name == "AccountSid"), None)
    if account not in accounts:
        raise Refused("unknown account")
    return accounts[account]


def _json_tokens(delivery: Delivery) -> list[str]:
    """Tokens for a JSON body, which is signed by its digest in the query."""
    digests = [value for name, value in parse_qsl(delivery.query) if name == "bodySHA256"]
    if not digests or not hmac.compare_digest(
        hashlib.sha256(delivery.body).hexdigest().encode(), digests[0].lower().encode()
    ):
        raise Refused("wrong body digest")
    accounts = configured(SETTING)
    known = [sid for sid in sorted(accounts) if sid.encode() in delivery.body]
    if not known and ACCOUNT_SID.search(delivery.body.decode(errors="replace")):
        raise Refused("unknown account")
    return [token for account in known or sorted(accounts) for token in accounts[account]]


def _signed_tail(delivery: Delivery, tokens: Sequence[str]) -> bytes | None:
    """What of the form was signed behind the URL, or None where no token signed this in any writing of it."""
    offered = delivery.headers[SIGNATURE].encode(errors="replace")
    digest = DIGESTS[_algorithm(delivery)]
    keys = [token.encode() for token in tokens]
    searched = 0
    for url, form in writings(delivery):
        for key in keys:
            signed = url + form
            made = base64.b64encode(hmac.digest(key, signed, digest))
            if hmac.compare_digest(made, offered):
                return form
            searched += len(signed)
        if searched > SEARCHED_BYTES:
            break
    return None


def _likeness(delivery: Delivery, tokens: Sequence[str]) -> str:
    """In what the address that a token did sign this for is another one than ours; "" where none did."""
    offered = delivery.headers[SIGNATURE].encode(errors="replace")
    form = tail(() if delivery.is_json else delivery.form)
    if len(form) > likeness.FORM_UP_TO:
        return ""
    digest = DIGESTS[_algorithm(delivery)]
    for word, url in likeness.addresses(delivery):
        for token in tokens:
            made = base64.b64encode(hmac.digest(token.encode(), url + form, digest))
            if hmac.compare_digest(made, offered):
                return word
    return ""


class _Form(dict[str, list[str]]):
    """A form as the validator wants it: every value of a name, blanks too."""

    @classmethod
    def of(cls, fields: Iterable[tuple[str, str]]) -> "_Form":
        found = cls()
        for name, value in fields:
            found.setdefault(name, []).append(value)
        return found

    def getall(self, name: str) -> list[str]:
        return self[name]


def sign(delivery: Delivery, *, secret: str, base_url: str) -> Delivery:
    """Signs as Twilio does: a form by its fields, JSON by its digest, which goes into the query."""
    validator = RequestValidator(secret)
    if delivery.is_json:
        bare, _, query = delivery.path.partition("?")
        kept = [pair for pair in query.split("&") if pair and not pair.startswith("bodySHA256=")]
        digest = hashlib.sha256(delivery.body).hexdigest()
        path = f"{bare}?{'&'.join([*kept, f'bodySHA256={digest}'])}"
        signature = validator.compute_signature(base_url + path, {})
    else:
        path = delivery.path
        signature = validator.compute_signature(base_url + path, _Form.of(delivery.form))
    return replace(delivery, path=path, headers={**delivery.headers, SIGNATURE: signature})


def signer(delivery: Delivery) -> str | None:
    """The account whose token signed a JSON delivery, as it was verified; None for one that was not."""
    if not delivery.headers.get(SIGNATURE) or _algorithm(delivery) not in DIGESTS:
        return None
    accounts = configured(SETTING).items()
    return next((account for account, tokens in accounts if _signed_tail(delivery, tokens) is not None), None)


def secret(delivery: Delivery, accounts: dict[str, list[str]]) -> str:
    """The first token of the account that the body names, of any account where it names none."""
    named = ACCOUNT_SID.search(delivery.body.decode(errors="replace"))
    if named is not None:
        if named[0] not in accounts:
            raise NotConfigured(f"{SETTING.name} has no token for {named[0]}")
        return accounts[named[0]][0]
    return first(SETTING, [token for tokens in accounts.values() for token in tokens])
