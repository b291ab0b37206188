"""The tokens of the accounts, by account SID."""

from ingest.providers.setting import Setting, as_bytes, listed


def accounts(text: str) -> dict[str, list[str]]:
    """`ACsid:token[,ACsid:token]` as tokens by account SID. Raises ValueError."""
    found: dict[str, list[str]] = {}
    for pair in listed(text):
        sid, _, token = pair.partition(":")
        if not sid.startswith("AC") or not token:
            raise ValueError("must look like ACsid:token[,ACsid:token]")
        found.setdefault(sid, []).append(token)
    return found


SETTING = Setting(
    name="TWILIO_ACCOUNTS",
    read=accounts,
    keys=lambda tokens: as_bytes(token for each in tokens.values() for token in each),
    demo="AC3f9d2c7a1b8e4056a7d1c0ffee202604:demo-auth-token-of-callstore",
    check="callstore.W001",
    without="/hooks/twilio/ refuses everything",
)
