"""The shape of an incident that somebody enters, and what of it is refused."""

from datetime import UTC, datetime
from typing import Annotated, Self

from ninja import Field, Schema
from pydantic import AfterValidator, model_validator

FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def _written(text: str) -> str:
    text = text.replace("\0", "").strip()  # Postgres keeps no NUL
    if not text:
        raise ValueError("must not be blank")
    return text


def _dated(moment: datetime) -> datetime:
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not FIRST <= moment < LAST:
        raise ValueError("must lie between 2000 and 2100")
    return moment


Text = Annotated[str, AfterValidator(_written)]
Moment = Annotated[datetime, AfterValidator(_dated)]


class IncidentToEnter(Schema):
    """A provider's trouble. Without `ended_at` it goes on; times without an offset are UTC."""

    provider: Text = Field(max_length=60, examples=["openai"])
    title: Text = Field(max_length=500)
    started_at: Moment
    ended_at: Moment | None = None
    url: str | None = Field(None, max_length=2000, pattern=r"^https?://[\x21-\x7e]+$")

    @model_validator(mode="after")
    def ends_after_its_beginning(self) -> Self:
        """Refuse an end that lies before the beginning."""
        if self.ended_at is not None and self.ended_at < self.started_at:
            raise ValueError("ended_at lies before started_at")
        return self


class IncidentEntered(Schema):
    """By what it is known: the `external_id` among the `incidents` of a call."""

    id: str
