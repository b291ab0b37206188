"""Our own call flow: what Twilio asked, what the caller pressed, and the TwiML we answered."""

from dataclasses import dataclass
from typing import ClassVar

from callstore.domain.facts.vocabulary import AskKind


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowAsked:
    """Twilio asked our application what to do next (voice webhook, redirect, or any TwiML request)."""

    TYPE: ClassVar[str] = "flow.asked"
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"caller", "called"})
    path: str
    status: str | None = None
    direction: str | None = None
    parent: str | None = None
    error_code: str | None = None
    caller: str | None = None
    called: str | None = None
    account: str | None = None
    agent: str | None = None  # by the query of the URL that was asked


@dataclass(frozen=True, slots=True, kw_only=True)
class DigitsPressed:
    """What a <Gather> collected: keys, or recognised speech. `request` is Twilio's id of all its tries."""

    TYPE: ClassVar[str] = "dtmf.pressed"
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"digits", "speech", "caller", "called"})
    path: str
    status: str | None = None
    direction: str | None = None
    digits: str | None = None
    speech: str | None = None
    caller: str | None = None
    called: str | None = None
    request: str | None = None
    account: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DialFinished:
    """The <Dial action> request: `status` is the parent's, the rest is the child's."""

    TYPE: ClassVar[str] = "dial.finished"
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"caller", "called"})
    path: str
    status: str | None = None
    direction: str | None = None
    child: str | None = None
    dial_status: str | None = None
    duration_s: int | None = None
    bridged: bool | None = None
    sip_code: int | None = None
    sip_call_id: str | None = None
    error_code: str | None = None
    caller: str | None = None
    called: str | None = None
    account: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowAnswered:
    """What our application answered to a TwiML request; `asked` tells which request it was.

    `sip_targets` are the host and the parameters of each <Sip> URI (`sip.api.openai.com`, `transport=tls`);
    `callbacks` the verb and attribute of each callback asked for, its events, and what its URL overrides
    behind `#` (`Sip.statusCallback`, `initiated completed`, `rc=5&rp=all`), None where nobody looked.
    """

    TYPE: ClassVar[str] = "flow.answered"
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    path: str
    asked: AskKind
    http_status: int | None = None
    verbs: tuple[str, ...] = ()  # TwiML element names in document order: ("Say", "Hangup")
    sip_headers: tuple[str, ...] = ()  # header names put on the <Sip> URI
    record: str | None = None  # the record attribute of <Dial>
    time_limit_s: int | None = None
    trim: str | None = None  # the trim attribute of <Dial>
    sip_targets: tuple[tuple[str, str], ...] = ()
    callbacks: tuple[tuple[str, str, str], ...] | None = None
