"""OpenAI: webhooks after the Standard Webhooks specification."""

from ingest.provider import Provider
from ingest.providers.openai.normalise import read
from ingest.providers.openai.signature import secret, sign, verify

provider = Provider(
    name="openai", setting="OPENAI_WEBHOOK_SECRETS", verify=verify, read=read, sign=sign, secret=secret
)
