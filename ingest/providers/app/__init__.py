"""The voice application: CloudEvents under a bearer token."""

from ingest.providers.app.read import read
from ingest.providers.app.signature import secret, sign, verify
from ingest.providers.provider import Provider

provider = Provider(
    name="app",
    setting="INGEST_TOKENS",
    verify=verify,
    read=read,
    sign=sign,
    secret=secret,
    answers_with_counts=True,
)
