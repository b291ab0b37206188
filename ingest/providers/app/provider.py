"""The voice application: CloudEvents under a bearer token."""

from ingest.dialects.app import bodies
from ingest.dialects.parsed import Fault, ParsedDelivery, Rejected, unparsable
from ingest.providers.app.setting import SETTING
from ingest.providers.app.signature import REMEDIES, secret, sign, verify
from ingest.providers.app.smoke import harmless
from ingest.providers.app.unpack import TAKEN, Broken, TooLarge, Unknown, unpacked
from ingest.providers.delivery import Delivery
from ingest.providers.provider import Provider


def read(delivery: Delivery) -> ParsedDelivery:
    """CloudEvents, one or many, however packed.

    A body that cannot be unpacked is kept as it came, and its sender told why, but for one too large.
    """
    try:
        body = unpacked(delivery.body, delivery.headers.get("content-encoding", ""))
    except Unknown:
        error = f"Content-Encoding must be one of {TAKEN}, or none"
        return _kept(delivery, "no encoding that we know", error)
    except TooLarge:
        return ParsedDelivery((), fault=Fault(413, "the body unpacks to more than 2 MiB"))
    except Broken as name:
        return _kept(delivery, f"no {name}", f"the body is no {name}")
    return bodies.batch(delivery.headers, body, delivery.received_at)


def _kept(delivery: Delivery, note: str, error: str) -> ParsedDelivery:
    whole = unparsable("app", delivery.body, delivery.received_at, note)
    return ParsedDelivery(((whole,),), rejected=(Rejected(0, error),))


provider = Provider(
    setting=SETTING,
    verify_headers=verify,  # the token is a header
    verify=verify,
    read=read,
    sign=sign,
    secret=secret,
    remedies=REMEDIES,
    harmless=harmless,
    covers_body=False,
    answers_with_counts=True,
)
