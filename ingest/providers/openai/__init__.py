"""OpenAI: webhooks after the Standard Webhooks specification."""

from ingest.dialects.openai.webhook import read
from ingest.providers.openai.signature import secret, sign, verify
from ingest.providers.provider import Provider

provider = Provider(
    name="openai", setting="OPENAI_WEBHOOK_SECRETS", verify=verify, read=read, sign=sign, secret=secret
)
