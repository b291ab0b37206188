"""Make a database and the static files ready to serve."""

import hashlib
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS

from callstore.eventlog.db import grants
from callstore.projection import grants as grants_beside
from callstore.rehearsal.demo import fill

NO_ROLE = (
    "The application's role is missing, and that of DATABASE_URL may not make it. As a superuser run this, the"
    " second line unless there is a login already, and then `manage.py prepare` again:"
)


class Command(BaseCommand):
    help = "Checks the settings, migrates, grants, collects static files and makes what a demo begins with."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            grants.ensure_role()
        except grants.NoRole:
            raise CommandError("\n".join([NO_ROLE, *grants.ROLES])) from None
        call_command("migrate", verbosity=0, interactive=False)
        grants.grant()
        grants_beside.grant()
        self.check(databases=[DEFAULT_DB_ALIAS])
        if not settings.DEBUG and settings.STATIC_ROOT.is_relative_to(settings.DATA_DIR):
            collect()  # elsewhere they came with an image
        if settings.DEMO:
            make_demo_user()
            if not settings.DEBUG:
                fill.founding_call()


def collect() -> None:
    """Collect the static files if one has changed since the last time: compressing them takes seconds."""
    marker = settings.STATIC_ROOT / "collected"
    state = fingerprint()
    if not marker.exists() or marker.read_text() != state:
        call_command("collectstatic", verbosity=0, interactive=False)
        marker.write_text(state)


def fingerprint() -> str:
    """One line that changes with the name, size or time of any static file."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            digest.update(f"{name} {storage.size(name)} {storage.get_modified_time(name)}\n".encode())
    return digest.hexdigest()


def make_demo_user() -> None:
    """The login that `up --demo` prints."""
    users = get_user_model().objects
    if not users.filter(username="demo").exists():
        users.create_superuser("demo", password="demo")
