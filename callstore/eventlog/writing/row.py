"""A draft as a row of log.event: spelled canonically, encrypted under its call's key, and digested."""

from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

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
    def key(self) -> tuple[date, bytes, str, str, str]:
        """The primary key, which sorts as Postgres sorts it; bytes are compared sooner than a UUID."""
        return self.bucket, self.trace_id.bytes, self.subject, self.source, self.dedup_key


def row_of(draft: Draft, home: Home) -> Row:
    """The row that keeps the draft in its home."""
    type_, facts, personal = codec.encode(draft.event)
    if draft.backfilled:
        facts[codec.BACKFILLED] = True
    stand_in = partial(digest.stand_in, home.key)
    hidden = clear.hidden(draft.source, facts, stand_in) if draft.is_of_a_call else {}
    sealed = personal | {name: facts[name] for name in hidden}
    told_json = canonical.dump(facts)
    facts_json = canonical.dump(facts | hidden) if hidden else told_json
    personal_json = canonical.dump(personal) if personal else None
    sealed_json = canonical.dump(sealed) if hidden else personal_json
    dedup_key = canonical.name(clear.key(draft.key, stand_in) if draft.is_of_a_call else draft.key)
    if draft.fingerprint is not None:
        dedup_key += ":" + digest.fingerprint(home.key, draft.fingerprint)
    subject = canonical.name(draft.subject)
    cipher = AESGCM(home.key)
    at = place(home.trace, subject, draft.source, dedup_key)
    # In the order of digest.COVERED.
    told = (
        home.bucket,
        home.trace,
        subject,
        draft.source,
        dedup_key,
        type_,
        codec.SCHEMA_VERSION,
        canonical.moment(draft.occurred.at),
        int(draft.occurred.clock),
        draft.occurred.precision_ms,
        canonical.moment(draft.received_at),
        canonical.bigint(draft.sequence),
    )
    spelled = [canonical.text(refs.spell(ref)) for ref in draft.refs]
    kept = (
        keys.encrypt(cipher, sealed_json, at + b"personal") if sealed_json else None,
        body.seal(cipher, draft.raw, at),
        digest.content_mac(home.key, type_, _compared(facts, told_json), personal_json),
    )
    row_sha = digest.sha_of((*told, spelled, facts_json, *kept))
    joined = refs.SEPARATOR.join(spelled)
    return Row(*told, joined, facts_json.decode(), *kept, row_sha, draft.is_of_a_call)


def _compared(facts: dict[str, Any], all_of_them: bytes) -> bytes:
    """What two copies of a fact must have in common: facts were kept before they said whose they are.

    As they were told, so that a copy that was kept when more stood in the clear contradicts none.
    """
    if codec.SAID_LATER.isdisjoint(facts):
        return all_of_them
    return canonical.dump({name: fact for name, fact in facts.items() if name not in codec.SAID_LATER})
