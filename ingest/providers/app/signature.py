"""A bearer token, compared in constant time."""

from dataclasses import replace

from callstore.base.tokens import is_one_of
from callstore.people import known_tokens
from ingest.providers.app.setting import SETTING
from ingest.providers.delivery import Delivery
from ingest.providers.provider import Refused, configured, first

REMEDIES = {
    "wrong token": "The application sends a token that is neither among INGEST_TOKENS nor made to ingest.",
    "no token": "The application sends no `Authorization: Bearer` header, or a proxy drops it.",
}


def verify(delivery: Delivery) -> None:
    """Raises Refused unless the request carries one of INGEST_TOKENS, or a token made to bring facts."""
    scheme, _, offered = delivery.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not offered.strip():
        raise Refused("no token")
    token = offered.strip()
    if is_one_of(token, configured(SETTING)):
        return
    made = known_tokens.find(token)
    if made is None or made.scope != "ingest":
        raise Refused("wrong token")


def sign(delivery: Delivery, *, secret: str, base_url: str = "") -> Delivery:
    """The delivery with its token."""
    return replace(delivery, headers={**delivery.headers, "authorization": f"Bearer {secret}"})


def secret(delivery: Delivery, tokens: list[str]) -> str:
    """The first token."""
    return first(SETTING, tokens)
