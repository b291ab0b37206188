"""The doctor's look: the newest calls out of the log, settings and refusals, and what is found in them."""

from collections.abc import Sequence
from datetime import timedelta
from time import time
from typing import NamedTuple, TypedDict

from django.conf import settings

from callstore.doctor.examination import (
    Diagnosis,
    DiagnosisJson,
    ExaminedCall,
    Sample,
    Setup,
    as_json,
    diagnoses,
)
from callstore.domain.call.fold import fold
from callstore.domain.facts.clock import iso
from callstore.findings.rule import case, modules_in
from callstore.health import refusals
from callstore.projection.newest import Bounds, newest

DAYS = 7
BOUNDS = Bounds()


class LookedAt(TypedDict):
    """What the doctor looked at; times are ISO 8601.

    `complete` says that nothing that came since then was left out but calls that were too long.
    """

    since: str
    as_of: str
    calls: int
    facts: int
    complete: bool
    too_long: int
    examinations: int


class Report(TypedDict):
    findings: list[DiagnosisJson]
    looked_at: LookedAt


class Look(NamedTuple):
    """What was found, and where it was looked for."""

    found: Sequence[Diagnosis]
    looked_at: LookedAt

    @property
    def has_fault(self) -> bool:
        return any(diagnosis.severity == "fault" for diagnosis in self.found)

    def as_json(self) -> Report:
        """As command and API tell it."""
        return {"findings": [as_json(each) for each in self.found], "looked_at": self.looked_at}


def look(since: float | None = None, bounds: Bounds = BOUNDS) -> Look:
    """Examine what came since then (Unix seconds; the last seven days).

    Raises django.db.DatabaseError, and ImproperlyConfigured where LOG_KEY does not open what is read.
    """
    now = time()
    since = now - DAYS * 86_400.0 if since is None else max(0.0, since)
    calls, too_long, complete = newest(since, bounds)
    setup = _setup(now, since)
    examined = [ExaminedCall(str(id_), case(fold(facts), setup.finish_tools), facts) for id_, facts in calls]
    looked_at: LookedAt = {
        "since": iso(since),
        "as_of": iso(now),
        "calls": len(calls),
        "facts": sum(len(facts) for _, facts in calls),
        "complete": complete,
        "too_long": too_long,
        "examinations": len(modules_in("callstore.doctor.examinations")),
    }
    return Look(list(diagnoses(Sample(examined, setup))), looked_at)


def _setup(now: float, since: float) -> Setup:
    return Setup(
        now=now,
        public_base_url=settings.PUBLIC_BASE_URL,
        openai_base_url=settings.OPENAI_BASE_URL,
        finish_tools=settings.FINISH_TOOLS,
        refusals=tuple(refusals.recent(timedelta(seconds=max(0.0, now - since)))),
    )
