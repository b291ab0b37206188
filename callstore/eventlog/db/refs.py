"""Refs as the log writes them: `rule=id`, and several on their way over the wire."""

from callstore.domain.facts.record import Ref

SEPARATOR = "\x1f"  # between refs on their way to the database (sql/append.sql splits them there) and back


def spell(ref: Ref) -> str:
    """A ref as text, without the character that separates refs."""
    return f"{ref.rule}={ref.id}".replace(SEPARATOR, "\ufffd")


def read(text: str) -> Ref:
    """The ref that was written so."""
    rule, _, id_ = text.partition("=")
    return Ref(rule, id_)
