"""Run the whole system in the foreground."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from callstore.local.options import Options


class Command(BaseCommand):
    help = (
        "Runs web, worker, fetcher, beat, relay and watch,"
        " with embedded servers where none are set, until Ctrl-C."
    )
    requires_system_checks = ()  # `prepare` runs them, with the settings that `up` gives

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
        parser.add_argument("--port", default=8000, type=int, help="port to listen on (8000)")
        parser.add_argument(
            "--data-dir", default=settings.DATA_DIR, type=Path, help="where everything is kept"
        )
        parser.add_argument("--demo", action="store_true", help="demo secrets, a demo user and demo calls")
        parser.add_argument(
            "--i-know", action="store_true", help="a demo on another host than this one: anybody may log in"
        )
        parser.add_argument("--without", action="append", default=[], choices=["watch"], help="leave one out")
        parser.add_argument(
            "--reload", action="store_true", help="restart on changes, and bring no demo calls"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            from callstore.local.up import up
        except ModuleNotFoundError as error:  # nor has a deployment any need of it
            raise CommandError(f"{error.name} is missing: install requirements-local.txt.") from error
        up(
            Options(
                host=options["host"],
                port=options["port"],
                data=options["data_dir"].absolute(),
                demo=options["demo"],
                reload=options["reload"],
                insisted=options["i_know"],
                without=frozenset(options["without"]),
            )
        )
