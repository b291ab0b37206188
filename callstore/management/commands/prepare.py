"""Make a database and the static files ready to serve."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS

from callstore.eventlog.db import grants, locks
from callstore.projection import grants as grants_beside
from callstore.rehearsal.demo import login

NO_ROLE = (
    "A role is missing, and that of DATABASE_URL may not make it. As a superuser run this, the last line"
    " unless there is a login already, and then `manage.py prepare` again:"
)


class Command(BaseCommand):
    help = "Checks the settings, migrates, grants, collects static files, opens or ends the login of a demo."

    def handle(self, *args: Any, **options: Any) -> None:
        with locks.alone_in_turn(locks.Lock.PREPARE):  # another host's may have begun at the same moment
            migrate()
        self.check(databases=[DEFAULT_DB_ALIAS])
        if not settings.DEBUG:
            collect()
        if settings.DEMO:
            login.open_login()
            if not settings.DEBUG:
                from callstore.rehearsal.demo import fill  # speaks, with a package that a deployment has not

                fill.founding_call()
        else:
            login.close_login()


def migrate() -> None:
    """Make roles and tables what this version needs. Raises CommandError where a role is missing."""
    try:
        grants.ensure_roles()
    except grants.NoRole as missing:
        raise CommandError(f"{NO_ROLE}\n{missing}") from None
    call_command("migrate", verbosity=0, interactive=False)
    grants.grant()
    grants_beside.grant()


def collect() -> None:
    """Collect the static files unless they are there and current: compressing them takes seconds.

    Raises CommandError where they cannot be written.
    """
    root = settings.STATIC_ROOT
    try:
        stale = outdated(root)
        for path in stale:
            (root / path).unlink(missing_ok=True)  # one that looks newer would be kept
        if stale:
            call_command("collectstatic", verbosity=0, interactive=False)
    except OSError as error:
        reason = error.strerror or error
        raise CommandError(f"Static files could not be collected into {root}: {reason}") from None


def outdated(root: Path) -> list[str]:
    """The static files whose collected copy below `root`, or the one with a hash, is missing or another."""
    manifest = root / "staticfiles.json"
    try:
        hashed = json.loads(manifest.read_bytes())["paths"] if manifest.exists() else {}
    except (ValueError, LookupError):
        hashed = {}
    found: dict[str, bytes] = {}
    for finder in get_finders():
        for name, storage in finder.list([]):
            path = f"{prefix}/{name}" if (prefix := getattr(storage, "prefix", None)) else name
            if path not in found:  # the first is the one that is served
                with storage.open(name) as file:
                    found[path] = file.read()
    return [
        path
        for path, content in found.items()
        if path not in hashed
        or not (root / hashed[path]).is_file()
        or not (root / path).is_file()
        or (root / path).read_bytes() != content
    ]
