"""The voice application: CloudEvents under a bearer token."""

from ingest.dialects.app import bodies
from ingest.dialects.parsed import Fault, ParsedDelivery, unparsable
from ingest.providers.app.setting import SETTING
from ingest.providers.app.signature import secret, sign, verify
from ingest.providers.app.unpack import TAKEN, Broken, TooLarge, Unknown, unpacked
from ingest.providers.delivery import Delivery
from ingest.providers.provider import Provider


def read(delivery: Delivery) -> ParsedDelivery:
    """CloudEvents, one or many, however packed. A body that cannot be unpacked is kept as it came."""
    try:
        body = unpacked(delivery.body, delivery.headers.get("content-encoding", ""))
    except Unknown:
        error = f"Content-Encoding must be one of {TAKEN}, or none"
        return ParsedDelivery((), fault=Fault(415, error, (("Accept-Encoding", TAKEN),)))
    except TooLarge:
        return ParsedDelivery((), fault=Fault(413, "the body unpacks to more than 2 MiB"))
    except Broken as name:
        kept = unparsable("app", delivery.body, delivery.received_at, f"no {name}")
        return ParsedDelivery(((kept,),), fault=Fault(400, f"the body is no {name}"))
    return bodies.batch(delivery.headers, body, delivery.received_at)


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
