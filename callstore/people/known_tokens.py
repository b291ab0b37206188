"""Made tokens as they are known without asking the database, which a door must not wait for.

A thread reads them anew every few seconds. While the database is away, the last that was read counts; a file
keeps that for a process that starts meanwhile.
"""

import json
import logging
import os
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from time import sleep
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from callstore.base.seldom import LONGEST, Seldom
from callstore.people import tokens
from callstore.people.who import MadeScope

log = logging.getLogger(__name__)

# A revoked token is refused, and a new one taken, within so long.
EVERY_S = 5.0
FILE = "tokens.json"  # in the data folder: digests, which nobody can send


class Known(NamedTuple):
    """A token as a door needs it; `expires` in seconds since 1970, None for never."""

    id: int
    name: str
    scope: MadeScope
    expires: float | None


_seldom = Seldom()
_lock = Lock()
_known: dict[str, Known] = {}
_used: dict[int, datetime] = {}


def find(text: str) -> Known | None:
    """The token of this text, as far as is known; and note that it was used, which is written later."""
    # By a digest: how long the look-up takes tells nothing of what is kept.
    found, now = _known.get(tokens.digest(text)), datetime.now(UTC)
    if found is None or (found.expires is not None and found.expires <= now.timestamp()):
        return None
    with _lock:
        _used[found.id] = now
    return found


def read() -> None:
    """Read them anew, and write when which of them was used."""
    global _known
    try:
        _known = {
            token.digest: Known(
                token.pk, token.name, token.scope,  # type: ignore[arg-type]  # made of these alone
                token.expires_at.timestamp() if token.expires_at else None,
            )
            for token in tokens.live()
        }  # fmt: skip
        with _lock:
            used = dict(_used)
            _used.clear()
        tokens.used(used)
    except (DatabaseError, InterfaceError) as error:
        connection.close()
        if _seldom.due("not read"):
            log.warning("tokens were not read anew: %s", str(error)[:LONGEST])
    else:
        _keep()


def remember() -> None:
    """Know what the file says, for a start without the database."""
    global _known
    try:
        kept = json.loads(_file().read_text())
        _known = {digest: Known(*fields) for digest, fields in kept.items()}
    except FileNotFoundError:
        pass
    except (OSError, ValueError, TypeError, AttributeError) as error:
        log.warning("%s cannot be read and is made anew: %s", _file(), str(error)[:LONGEST])


def keep_reading() -> None:
    """Read them every few seconds, for ever: for a thread of a process that serves."""
    remember()
    while True:
        read()
        close_old_connections()
        sleep(EVERY_S)


def _file() -> Path:
    return Path(settings.DATA_DIR) / FILE


def _keep() -> None:
    """Write the file where it says something else. Without it no start knows them without the database."""
    said = json.dumps(_known)
    try:
        if _file().exists() and _file().read_text() == said:
            return
        part = _file().with_suffix(".part")
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(said)
        os.replace(part, _file())
    except OSError as error:
        if _seldom.due("not kept"):
            log.warning("%s cannot be written: %s", _file(), error.strerror)
