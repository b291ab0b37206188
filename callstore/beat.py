"""Celery's beat on any number of hosts: one leads and sends, and leaves to the next what it sent when."""

import logging
from datetime import UTC, datetime
from typing import Any

from celery import beat
from django.db import Error, connection

from callstore.base.seldom import LONGEST
from callstore.eventlog.db.leader import ASK_EVERY_S, Leadership
from callstore.postgres.reachable import is_reachable
from callstore.postgres.said import in_a_line

log = logging.getLogger(__name__)


class Scheduler(beat.Scheduler):  # type: ignore[misc]  # Celery has no types
    """Sends what is due while it leads. It keeps no file: when each task was sent stands beside the lease."""

    def setup_schedule(self) -> None:
        """Read the schedule, and lead nothing so far."""
        super().setup_schedule()
        self._leadership = Leadership("beat")
        self._is_in_trouble = self._is_within = self._was_cut_short = False

    def tick(self, *arguments: Any, **options: Any) -> float:
        """Send a task that is due, if we lead; after how many seconds to look again."""
        self._is_within = True
        try:
            return self._tick(*arguments, **options)
        finally:
            self._is_within = False

    def _tick(self, *arguments: Any, **options: Any) -> float:
        if self._leadership.is_due:
            self._claim()
        if not self._leadership.holds:
            return ASK_EVERY_S
        wait: float = super().tick(*arguments, **options)
        return min(wait, ASK_EVERY_S)

    def apply_entry(self, entry: beat.ScheduleEntry, producer: Any = None) -> None:
        """Send a task, after noting it: who takes over meanwhile does not send it, too."""
        try:
            ours = self._leadership.note(entry.name)
        except Error as error:
            self._met(error)
            return
        if ours:
            super().apply_entry(entry, producer=producer)

    def close(self) -> None:
        """Let another lead at once.

        Celery closes in its signal's handler, then raises SystemExit, and closes again. Where the signal came
        in the middle of a statement, its connection is held until then: what waited for it there would wait
        for ever.
        """
        super().close()
        if self._is_within:
            self._was_cut_short = True
            return
        if self._was_cut_short:
            connection.close()
        try:
            self._leadership.resign()
        except Error as error:
            self._met(error)

    def _claim(self) -> None:
        if self._is_in_trouble and not is_reachable():
            return
        try:
            leads_anew = self._leadership.claim()
        except Error as error:
            self._met(error)
            return
        if self._is_in_trouble:
            log.warning("The database answers again.")
        self._is_in_trouble = False
        if leads_anew:
            self._follow()

    def _follow(self) -> None:
        """Go on where whoever led before stopped: what was never sent begins its interval now."""
        for entry in self.schedule.values():
            sent = self._leadership.notes.get(entry.name)
            entry.last_run_at = datetime.fromtimestamp(sent, UTC) if sent else entry.default_now()
        self.populate_heap()

    def _met(self, error: Error) -> None:
        if not self._is_in_trouble:
            said = in_a_line(error)[:LONGEST]
            log.warning("Beat sends nothing until the database answers (%s).", said)
        self._is_in_trouble = True
        connection.close()
