"""Calls for readers' tests: documents put straight into the read model, as the projection would."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from callstore.projection.models import CallRow, TraceRef
from callstore.projection.row import row
from callstore.projection.words import store as words

PARENT = "CA" + "1" * 32
CHILD = "CA" + "2" * 32
RECORDING = "RE" + "3" * 32


def put_call(**document: Any) -> UUID:
    """A call with these stable fields, found by its ids; gives its call id."""
    call_id = UUID(str(document.pop("call_id", uuid4())))
    whole = {
        "call_id": str(call_id),
        "rules_version": 1,
        "flags": [],
        "warning_codes": [],
        "error_codes": [],
        **document,
    }
    stored = row(call_id, 1, whole)
    CallRow.objects.create(**stored, saved_at=datetime.now(UTC))
    words.save([stored])
    for name, kind in (("parent_call_sid", "twilio"), ("child_call_sid", "twilio"), ("ai_call_id", "openai")):
        if whole.get(name):
            TraceRef.objects.create(ref=f"{kind}:{whole[name]}", trace_id=call_id)
    return call_id
