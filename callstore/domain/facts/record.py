"""The three lives of a fact: a Draft (as we read it) and a Record (as the log keeps it).

The first life, a Delivery (as it arrived), belongs to ingest.
"""

from dataclasses import dataclass
from typing import TypeAlias

from callstore.domain.facts import ids
from callstore.domain.facts.clock import Instant
from callstore.domain.facts.events import Event

# Who made a fact known: a provider by its name, or callstore itself by one of these.
Source: TypeAlias = str
AUDIO: Source = "audio"  # what was heard in a recording
OPERATOR: Source = "operator"  # what whoever runs this instance did
STATUS_PAGE: Source = "status_page"  # what a provider's status page said, where we asked it


@dataclass(frozen=True, slots=True)
class Ref:
    """Another id that a fact mentions (`twilio:CA…`, `openai:rtc_…`, `sip:<Call-ID>`), and by which rule."""

    rule: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A fact as we read it, not yet kept.

    `key` is made from the fact, never from the raw body: the same fact by callback, Event Streams or
    backfill has the same key. Where the fact has no number of its own, `fingerprint` holds the content
    that tells it from its neighbours; the log adds it to the key as an HMAC under the call's key, so
    that no personal data can be guessed from a key. `raw` is the delivery as it came. `backfilled` says that
    nobody delivered it: we asked its source for it afterwards.
    """

    source: Source
    subject: str
    key: str
    event: Event
    occurred: Instant
    received_at: float
    raw: bytes
    refs: tuple[Ref, ...] = ()
    sequence: int | None = None
    fingerprint: bytes | None = None
    backfilled: bool = False

    @property
    def is_of_a_call(self) -> bool:
        return ids.is_of_a_call(self.subject)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A fact as the log keeps it. `position` is unique but has gaps; nothing may be ordered by it."""

    position: int
    source: Source
    subject: str
    key: str
    event: Event
    occurred: Instant
    received_at: float
    refs: tuple[Ref, ...] = ()
    sequence: int | None = None
    backfilled: bool = False
