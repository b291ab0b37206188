"""Refs as the log writes them: `rule=id`, and several on their way over the wire."""

from callstore.domain.facts import clear, ids
from callstore.domain.facts.record import Ref
from callstore.eventlog.crypto import digest

SEPARATOR = "\x1f"  # between refs on their way to the database (sql/append.sql splits them there) and back


def spell(ref: Ref) -> str:
    """A ref as text, without the character that separates refs, and a SIP Call-ID in no readable form."""
    return f"{ref.rule}={id_of(ref.id)}".replace(SEPARATOR, "\ufffd")


def read(text: str) -> Ref:
    """The ref that was written so."""
    rule, _, id_ = text.partition("=")
    return Ref(rule, id_of(id_))


def id_of(mentioned: str) -> str:
    """An id as it is kept: a SIP Call-ID, which may hold a number, as what stands in for it in every call.

    Older rows have it as it was written.
    """
    scheme, _, call_id = mentioned.partition(":")
    if not ids.is_of_a_dialog(mentioned) or call_id.startswith(clear.PREFIX):
        return mentioned
    return f"{scheme}:{digest.instance_stand_in(call_id)}"
