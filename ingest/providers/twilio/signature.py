"""X-Twilio-Signature: made and checked with Twilio's own validator.

https://www.twilio.com/docs/usage/webhooks/webhooks-security
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import permutations
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
from ingest.providers.twilio.setting import SETTING

SIGNATURE = "x-twilio-signature"
# Some senders leave them out of what they sign (reference: Twilio, §1.5), so they are tried second.
SOMETIMES_UNSIGNED = frozenset({"CallToken", "StirVerstat"})
# 4 parameters give 24 orders; with more, only the order as requested is tried.
REORDERED_UP_TO = 4


class _Form(dict[str, list[str]]):
    """A form as the validator wants it: every value of a name, blanks too."""

    def getall(self, name: str) -> list[str]:
        return self[name]


def verify_headers(bare: Delivery) -> None:
    """Raises Refused where no signature is given, or none that could be checked."""
    if not bare.headers.get(SIGNATURE):
        raise Refused("no signature")
    if not settings.PUBLIC_BASE_URL:
        raise Refused("PUBLIC_BASE_URL is not set")
    if _algorithm(bare) not in (HMAC_SHA1, HMAC_SHA256):
        raise Refused("unknown algorithm")


def _algorithm(bare: Delivery) -> str:
    return str(get_signature_algorithm(bare.headers.get(SIGNATURE_SETTINGS_HEADER.lower()))).upper()


def verify(delivery: Delivery) -> None:
    """Raises Refused unless a token of the named account signed this request.

    Query orders and parameters that Twilio itself is known to change are tried after the plain reading.
    """
    verify_headers(delivery)
    signature, algorithm = delivery.headers[SIGNATURE], _algorithm(delivery)
    fields = () if delivery.is_json else delivery.form
    tokens = _json_tokens(delivery) if delivery.is_json else _form_tokens(fields)
    validators = [RequestValidator(token) for token in tokens]
    for validator in validators:
        # Nearly all are signed just so, and `validate` makes two signatures for each way of reading.
        made = validator.compute_signature(
            settings.PUBLIC_BASE_URL + delivery.path, _as_form(fields), algorithm
        )
        if hmac.compare_digest(made.encode(), signature.encode(errors="replace")):
            return
    signed = list(_signed_forms(fields))
    for validator in validators:
        for path in _signed_paths(delivery.path):
            url = settings.PUBLIC_BASE_URL + path
            if any(validator.validate(url, read, signature, algorithm) for read in signed):
                return
    raise Refused("wrong signature")


def _form_tokens(fields: Iterable[tuple[str, str]]) -> list[str]:
    accounts = configured(SETTING)
    account = next((value for name, value in fields if name == "AccountSid"), None)
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
    named = set(ACCOUNT_SID.findall(delivery.body.decode(errors="replace")))
    known = named & accounts.keys()
    if named and not known:
        raise Refused("unknown account")
    return [token for account in sorted(known or accounts) for token in accounts[account]]


def _signed_forms(fields: Sequence[tuple[str, str]]) -> Iterator[_Form]:
    yield _as_form(fields)
    if any(name in SOMETIMES_UNSIGNED for name, _ in fields):
        yield _as_form((name, value) for name, value in fields if name not in SOMETIMES_UNSIGNED)


def _as_form(fields: Iterable[tuple[str, str]]) -> _Form:
    found = _Form()
    for name, value in fields:
        found.setdefault(name, []).append(value)
    return found


def _signed_paths(path: str) -> Iterator[str]:
    """The path as requested, then as the configured URL may have read: Twilio sorts the query and
    writes + for %20 before it asks, but signs what was configured (twilio-php 790)."""
    yield path
    bare, _, query = path.partition("?")
    pairs = query.split("&")
    orders = permutations(pairs) if 1 < len(pairs) <= REORDERED_UP_TO else [tuple(pairs)]
    for order in orders:
        joined = "&".join(order)
        for written in (joined, joined.replace("+", "%20"), joined.replace("%20", "+")):
            if written != query:
                yield f"{bare}?{written}"


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
        signature = validator.compute_signature(base_url + path, _as_form(delivery.form))
    return replace(delivery, path=path, headers={**delivery.headers, SIGNATURE: signature})


def secret(delivery: Delivery, accounts: dict[str, list[str]]) -> str:
    """The first token of the account that the body names, of any account where it names none."""
    named = ACCOUNT_SID.search(delivery.body.decode(errors="replace"))
    if named is not None:
        if named[0] not in accounts:
            raise NotConfigured(f"{SETTING.name} has no token for {named[0]}")
        return accounts[named[0]][0]
    return first(SETTING, [token for tokens in accounts.values() for token in tokens])
