"""The column `facets` of a call: one short text of all that calls are counted by, made by Postgres itself."""

from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan

# What a call is counted by, in the order of the function `call_facets`, which writes it as one text.
FACETS = (
    "verdict", "verdict_confidence", "cause", "ended_first_by", "gap_kind", "untranscribed_caller_speech_s",
    "parent_status", "child_status", "sip_response_code",
    "topology", "agent_name", "agent_version", "ai_model", "region", "edge",
    "recording_state", "transcript_state", "review_state",
    "ai_close_observed", "dtmf", "child_call_sid", "ai_call_id",
    "flags", "findings", "warning_codes", "error_codes",
)  # fmt: skip
# Names that people chose, and how many of their letters are packed at most: of a longer one there is nothing,
NAMES = {"agent_name": 40, "agent_version": 40, "ai_model": 40, "region": 20, "edge": 20}
SEPARATOR = "[\x1e\x1f]"  # and of one with such a letter


def unpacked_names() -> models.Q:
    """The calls that have a name, an empty one among them, which is not packed: hardly any."""
    found = models.Q()
    for name, most in NAMES.items():
        found |= models.Q(GreaterThan(Length(name), most)) | models.Q(**{name: ""})
        found |= models.Q(**{f"{name}__regex": SEPARATOR})
    return found


def packed_facets() -> models.GeneratedField:
    """A column that Postgres itself writes of the others."""
    text = models.TextField(db_collation="C")
    packed = models.Func(*FACETS, function="call_facets", output_field=text)
    return models.GeneratedField(expression=packed, output_field=text, db_persist=True)


def written(model: type[models.Model]) -> list[str]:
    """The columns of a table that are written; the others Postgres makes of these."""
    return [
        field.name for field in model._meta.concrete_fields if not isinstance(field, models.GeneratedField)
    ]
