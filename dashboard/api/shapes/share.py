"""The shapes of shares: what is asked for, and what is told of one."""

from typing import Annotated, Any
from uuid import UUID

from django.utils import timezone
from ninja import Schema
from pydantic import Field

from callstore.domain.facts.clock import iso
from callstore.people.models import Share
from callstore.people.shares import LONGEST_S, SHORTEST_S, USUAL_S, State, state


class ShareToMake(Schema):
    """How long it shall hold, and whether the recordings may be heard."""

    expires_in_s: Annotated[int, Field(ge=SHORTEST_S, le=LONGEST_S, description="From now")] = USUAL_S
    audio: bool = Field(False, description="Who hears the recordings hears everything: words are shown then")


class ShareTold(Schema):
    """What is known of a share; its link is told only when it is made."""

    id: UUID
    expires_at: str
    made_at: str
    by: str
    audio: bool
    state: State
    views: int


class ShareMade(ShareTold):
    """The same with its link."""

    url: str


class Shares(Schema):
    """The shares of a call."""

    items: list[ShareTold]


def told(share: Share) -> dict[str, Any]:
    """A share as it is told."""
    share.refresh_from_db()
    return {
        "id": share.pk,
        "expires_at": iso(share.expires_at.timestamp()),
        "made_at": iso(share.made_at.timestamp()),
        "by": share.by,
        "audio": share.audio,
        "state": state(share, timezone.now()),
        "views": share.views,
    }
