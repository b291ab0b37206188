"""The voice application: CloudEvents under a bearer token."""

from ingest.provider import Provider
from ingest.providers.app.normalise import read
from ingest.providers.app.signature import secret, sign, verify

provider = Provider(
    name="app",
    setting="INGEST_TOKENS",
    verify=verify,
    read=read,
    sign=sign,
    secret=secret,
    answers_with_counts=True,
)
