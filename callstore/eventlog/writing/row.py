"""A draft as a row of log.event: spelled canonically, encrypted under its call's key, and digested."""

from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from callstore.domain.facts import clear, codec
from callstore.domain.facts.record import Draft
from callstore.eventlog.crypto import body, canonical, digest, keys, refs
from callstore.eventlog.crypto.binding import place
from callstore.eventlog.writing.homes import Home


class Row(NamedTuple):
    """The columns in the order of sql/append.sql."""

    bucket: date
    trace_id: UUID
    subject: str
    source: str
    dedup_key: str
    type: str
    schema_version: int
    occurred_at: datetime
    clock: int
    precision_ms: int
    received_at: datetime
    source_sequence: int | None
    refs: str
    facts: str
    personal: bytes | None
    body: bytes
    mac: bytes
    row_sha: bytes
    of_a_call: bool

    @property
    def key(self) -> tuple[date, UUID, str, str, str]:
        """The primary key."""
        return self[:5]


def row_of(draft: Draft, home: Home) -> Row:
    """The row that keeps the draft in its home."""
    type_, facts, personal = codec.encode(draft.event)
    if draft.backfilled:
        facts[codec.BACKFILLED] = True
    stand_in = partial(digest.stand_in, home.key)
    hidden = clear.hidden(draft.source, facts, stand_in) if draft.is_of_a_call else {}
    sealed = personal | {name: facts[name] for name in hidden}
    members = canonical.members(facts)
    facts_json = canonical.joined(members | canonical.members(hidden))
    told_json = canonical.dump(personal) if personal else None
    sealed_json = canonical.dump(sealed) if sealed else None
    dedup_key = canonical.name(clear.key(draft.key, stand_in) if draft.is_of_a_call else draft.key)
    if draft.fingerprint is not None:
        dedup_key += ":" + digest.fingerprint(home.key, draft.fingerprint)
    subject = canonical.name(draft.subject)
    at = place(home.trace, subject, draft.source, dedup_key)
    columns: dict[str, Any] = {
        "bucket": home.bucket,
        "trace_id": home.trace,
        "subject": subject,
        "source": draft.source,
        "dedup_key": dedup_key,
        "type": type_,
        "schema_version": codec.SCHEMA_VERSION,
        "occurred_at": canonical.moment(draft.occurred.at),
        "clock": int(draft.occurred.clock),
        "precision_ms": draft.occurred.precision_ms,
        "received_at": canonical.moment(draft.received_at),
        "source_sequence": canonical.bigint(draft.sequence),
        "refs": [canonical.text(refs.spell(ref)) for ref in draft.refs],
        "facts": facts_json,
        "personal": keys.encrypt(home.key, sealed_json, at + b"personal") if sealed_json else None,
        "body": body.seal(home.key, draft.raw, at),
        "mac": digest.content_mac(home.key, type_, _compared(members), told_json),
    }
    columns["row_sha"] = digest.row_sha(columns)
    columns |= {"refs": refs.SEPARATOR.join(columns["refs"]), "facts": facts_json.decode()}
    return Row(**columns, of_a_call=draft.is_of_a_call)


def _compared(members: dict[str, str]) -> bytes:
    """What two copies of a fact must have in common: facts were kept before they said whose they are.

    As they were told, so that a copy that was kept when more stood in the clear contradicts none.
    """
    return canonical.joined({name: members[name] for name in members.keys() - codec.SAID_LATER})
