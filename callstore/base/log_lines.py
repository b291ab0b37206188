"""What a process logs, and how: on the console, which supervisors and containers read."""

import logging
import os
import sys
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from callstore.base.seldom import LONGEST, Seldom

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def log_lines(debug: bool, form: str = "", level: str = "") -> dict[str, Any]:
    """Django's LOGGING: its default says nothing on the console of a process that serves.

    `form` is `json` for one JSON object a line, else lines are plain text; `level` is one of LEVELS.
    """
    usual = "INFO" if debug else "WARNING"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
            "json": {"()": "callstore.base.log_lines.json_lines"},
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "json" if form == "json" else "line"}
        },
        "filters": {"one line a minute": {"()": OneLineAMinute}},
        "root": {"handlers": ["console"], "level": level.upper() if level.upper() in LEVELS else usual},
        "loggers": {
            # It tells of each connection that is not lent again, and of failures that we tell ourselves.
            "psycopg.pool": {"level": "ERROR"},
            "django": {"handlers": [], "level": "INFO" if debug else "ERROR"},
            # A line for each request, each with its address: what a feed or a webhook of yours carries in it.
            **{name: {"level": "WARNING"} for name in ("httpx", "httpcore", "websockets")},
            # Anybody may ask by any name: a traceback each would push all else out of the log.
            "django.security.DisallowedHost": {"filters": ["one line a minute"]},
        },
    }


def json_lines() -> logging.Formatter:
    """Writes a record as one JSON object: time, level, logger, message, process, pid, and its `extra`."""
    # Here, since who reads plain text needs none of it.
    from pythonjsonlogger.orjson import OrjsonFormatter

    return OrjsonFormatter(
        ["levelname", "name", "message"],
        rename_fields={"levelname": "level", "name": "logger", "exc_info": "traceback"},
        static_fields={"process": process_name(sys.argv), "pid": os.getpid()},
        timestamp="time",
    )


def process_name(argv: Sequence[str]) -> str:
    """Which of our processes a command line is, as the table of processes names it: `web`, `worker`…"""
    program, *words = argv or [""]
    text = " ".join([PurePath(program).parent.name, PurePath(program).name, *words])
    for word in words:
        if word.startswith("--hostname="):
            return word.removeprefix("--hostname=").partition("@")[0]
    if "granian" in text:
        return "web"
    return next((word for word in words if not word.startswith("-")), PurePath(program).name)


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
