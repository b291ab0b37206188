"""Which texts of a fact may stand in the clear for ever, and what stands in the place of the others.

Whatever a machine writes may: a word of a vocabulary, a code, an id, an address. Free text may not, nor what
holds so many digits that it could be a number of somebody: it is kept as personal fields are, and goes with
the call's key.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from callstore.domain.facts.ids import DIGITS
from callstore.domain.facts.record import AUDIO, OPERATOR

StandIn = Callable[[str], str]  # what stands in the place of a text, the same for the same text

PREFIX = "sealed~"  # of what stands in, so that a reader sees that something was there
# Written by the caller's system or holding whatever a URL may: never in the clear, however they look.
SEALED = frozenset({"path", "sip_call_id"})
# Looked at where they are read: one of our own sentences; labels without numbers (ingest.dialects.agents).
_LOOKED_AT = frozenset({"note", "agent", "agent_version"})
# What callstore says itself, of a call and not of a caller.
_OURS = frozenset({AUDIO, OPERATOR})

_ID = "[a-z]{2,12}_[0-9A-Za-z]{14,}"  # behind a word (`item_…`): its digits are nobody's
_WORD = re.compile(r"[A-Za-z_][A-Za-z_./:-]*")  # nearly all of them
# And of the others: an id, or one as it is numbered in a key. _IDS and _NUMBER say the same of it, later.
_NAMED = re.compile(rf"(?:[a-z]+:)?{_ID}(?::\d{{1,6}})?", re.ASCII)
_CODE = re.compile(r"[\w.:;,=&/#~-]{0,300}", re.ASCII)
# Ids whose digits are nobody's: SIDs and UUIDs, ids behind a word, moments in s, ms, µs or ns.
_IDS = re.compile(
    rf"[A-Z]{{2}}{DIGITS}|[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}|(?<![a-z]){_ID}"
    rf"|{PREFIX}[0-9a-f]{{32}}|(?<!\d)1[6-9]\d{{8}}(?:\d{{3}}){{0,3}}(?!\d)"
)
_NUMBER = re.compile(r"\d{7}|\d(?:[.:/-]?\d){8}")
# Texts with blanks that are known: why sockets close, and the events that TwiML asks callbacks for.
_CALLBACK = (
    "initiated|ringing|answered|completed|in-progress|absent|start|end|join|leave|mute|hold|modify|speaker"
)
_KNOWN = re.compile(
    r"keepalive ping timeout|Your session hit the maximum duration of \d{1,3} minutes\.?"
    rf"|(?:{_CALLBACK})(?: (?:{_CALLBACK}))+"
)

# Found clear before: the words and ids of a call come again and again. What may not stand in the clear is not
# remembered either.
_found: set[str] = set()
_MOST_FOUND = 4096


def is_clear(text: str) -> bool:
    """Whether a text may stand in the clear: it is a code or an id, or one of the known texts."""
    if text in _found:
        return True
    clear = _is_clear(text)
    if clear:
        if len(_found) >= _MOST_FOUND:
            _found.clear()
        _found.add(text)
    return clear


def _is_clear(text: str) -> bool:
    if _WORD.fullmatch(text) or _NAMED.fullmatch(text):
        return len(text) <= 300
    if not _CODE.fullmatch(text):
        return bool(_KNOWN.fullmatch(text))
    return not _NUMBER.search(_IDS.sub(" ", text))


def hidden(source: str, facts: Mapping[str, Any], stand_in: StandIn) -> dict[str, Any]:
    """Of a fact's plain fields those that may not stand in the clear, each with what stands there instead."""
    if source in _OURS:
        return {}
    found = {}
    for name, value in facts.items():
        if isinstance(value, str | tuple | list) and name not in _LOOKED_AT:
            shown = _shown(value, name in SEALED, stand_in)
            if shown != value:
                found[name] = shown
    return found


def key(written: str, stand_in: StandIn) -> str:
    """A fact's key without the parts that may not stand in the clear."""
    if _is_clear(written):  # no two are the same: not to be remembered
        return written
    return ":".join(part if is_clear(part) else stand_in(part) for part in written.split(":"))


def _shown(value: Any, always: bool, stand_in: StandIn) -> Any:
    if isinstance(value, str):
        sealed = not value.startswith(PREFIX) if always else not is_clear(value)
        return stand_in(value) if sealed and value else value
    if isinstance(value, tuple | list):
        return type(value)(_shown(each, always, stand_in) for each in value)
    return value
