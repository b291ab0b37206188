"""Which calls are of one sheet, and the note that a sheet has of a call that changed late."""

from datetime import UTC, datetime, timedelta

from callstore.eventlog.db.statement import run_each

PERIOD = timedelta(hours=6)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # from here on a period follows the other
OVER_FOR = timedelta(days=1)  # a period that ended so long ago has a sheet
LATE = timedelta(hours=12)  # a call that began so long ago may be in one before its save is committed

LENGTH = f"interval '{PERIOD.total_seconds():.0f} s'"
PERIOD_OF = f"date_bin({LENGTH}, {{}}, 'epoch')"
# In the transaction that changes the calls `written`: their sheets are of what they were.
NOTE_LATE = (
    f"INSERT INTO call_sheet_late (period) SELECT DISTINCT {PERIOD_OF.format('started_at')} FROM written"
    f" WHERE started_at < now() - interval '{LATE.total_seconds()} s' AND current_schema() <> 'rebuild'"
)
NOTE_LEFT = f"INSERT INTO call_sheet_late (period) VALUES ({PERIOD_OF.format('%b::timestamptz')})"


def note_left(began: list[datetime]) -> None:
    """Note that calls which were told to have begun then began at another time; with the change itself."""
    run_each(NOTE_LEFT, [[moment] for moment in began])


def first_from(moment: datetime) -> datetime:
    """The beginning of the first whole period from a moment (aware) on."""
    return EPOCH - (EPOCH - moment) // PERIOD * PERIOD


def last_to(moment: datetime) -> datetime:
    """The end of the last whole period up to a moment (aware)."""
    return EPOCH + (moment - EPOCH) // PERIOD * PERIOD
