"""The voice application: CloudEvents under a bearer token."""

from ingest.dialects.app import bodies
from ingest.dialects.parsed import ParsedDelivery
from ingest.providers.app.setting import SETTING
from ingest.providers.app.signature import secret, sign, verify
from ingest.providers.delivery import Delivery
from ingest.providers.provider import Provider


def read(delivery: Delivery) -> ParsedDelivery:
    """CloudEvents, one or many."""
    return bodies.batch(delivery.headers, delivery.body, delivery.received_at)


provider = Provider(
    setting=SETTING,
    verify_headers=verify,  # the token is a header
    verify=verify,
    read=read,
    sign=sign,
    secret=secret,
    covers_body=False,
    answers_with_counts=True,
)
