"""What a process logs, and how: on the console, which supervisors and containers read."""

import logging
from typing import Any

from callstore.base.seldom import LONGEST, Seldom


def log_lines(debug: bool) -> dict[str, Any]:
    """Django's LOGGING: its default says nothing on the console of a process that serves."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "filters": {"one line a minute": {"()": OneLineAMinute}},
        "root": {"handlers": ["console"], "level": "INFO" if debug else "WARNING"},
        "loggers": {
            # It tells of each connection that is not lent again, and of failures that we tell ourselves.
            "psycopg.pool": {"level": "ERROR"},
            "django": {"handlers": [], "level": "INFO" if debug else "ERROR"},
            # Anybody may ask by any name: a traceback each would push all else out of the log.
            "django.security.DisallowedHost": {"filters": ["one line a minute"]},
        },
    }


class OneLineAMinute(logging.Filter):
    """Lets one line a minute of a logger through, short and without its traceback."""

    def __init__(self) -> None:
        super().__init__()
        self._seldom = Seldom()

    def filter(self, record: logging.LogRecord) -> bool:
        times = self._seldom.due(record.name)
        if times:
            more = f" ({times} of these since the last line)" if times > 1 else ""
            record.msg, record.args = record.getMessage()[:LONGEST].replace("%", "%%") + more, None
            record.exc_info = record.exc_text = record.stack_info = None
        return bool(times)
