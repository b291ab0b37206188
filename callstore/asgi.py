"""The web process: doors on an event loop, then health, then Django's pages in threads of their own."""

# ruff: noqa: E402 -- Django is set up before what knows its models is imported

import logging
import os
import re
import resource
import sys
import threading
import time
from typing import TYPE_CHECKING

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callstore.settings")

from django.conf import settings
from django.core import checks
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

# Of a page, and of a door's append: Twilio itself waits for no more than 15 s.
STATEMENT_WITHIN_S = 10
# The server ends a statement before: one that says nothing for longer stands still, and nobody waits for it.
SILENT_FOR_S = STATEMENT_WITHIN_S + 2
# Every thread has its connection in the pool, so that this is for making one.
LENT_WITHIN_S = 3
QUICK = 4  # threads of advice
ADVICE = re.compile(r"/api/v1/calls/[^/]+/advice")
for _database in settings.DATABASES.values():
    _options = _database["OPTIONS"]
    _options["options"] = f"{_options.get('options', '')} -c statement_timeout={STATEMENT_WITHIN_S}s".strip()
    _options["pool"]["patience_s"] = SILENT_FOR_S
_pool = settings.DATABASES["default"]["OPTIONS"]["pool"]
_pool["timeout"] = LENT_WITHIN_S
django = get_wsgi_application()

from callstore.base.asgi import answer
from callstore.base.process import collector
from callstore.base.tokens import is_one_of
from callstore.checks import SPOOL
from callstore.eventlog.crypto import key_check
from callstore.people import known_tokens
from callstore.postgres.reachable import is_reachable
from callstore.rehearsal.demo import twilio_media
from callstore.web.pages import LINE, THREADS, Pages
from dashboard.live import readers
from dashboard.live.stream import PATH as LIVE
from dashboard.live.stream import Streams
from ingest.doors import asgi as doors
from ingest.doors import noting
from ingest.doors.line import APPLICATION, PROVIDERS, Line
from ingest.spool import drain

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope

pages = Pages(django, THREADS, LINE)
# and readiness, metrics, refusals, tokens, the spool
_pool["max_size"] = THREADS + QUICK + PROVIDERS + APPLICATION + readers.THREADS + 5
# A caller waits on the line for advice, and a balancer for readiness: no search stands in their way. What the
# second is told is made once a second, so that its line moves fast.
quick, readiness, scrapes = Pages(django, QUICK, LINE), Pages(django, 1, 1000), Pages(django, 1, LINE)
# What a demo's send_scenario brings as Twilio's recordings; nothing else takes a file.
media = Pages(django, 1, LINE, twilio_media.LIMIT) if settings.DEMO else pages
live = Streams()


def has_token(scope: "HTTPScope") -> bool:
    """Whether the API would know the bearer: who brings no token stands in line with the pages."""
    offered = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
    scheme, _, token = offered.partition(" ")
    known = is_one_of(token, settings.API_TOKENS) or known_tokens.find(token) is not None
    return scheme.lower() == "bearer" and known


async def behind_the_doors(scope: "Scope", receive: "ASGIReceiveCallable", send: "ASGISendCallable") -> None:
    """All that is no delivery."""
    if scope["type"] != "http":
        return  # no lifespan, no websockets
    path = scope["path"]
    if path == "/healthz" and scope["method"] in ("GET", "HEAD"):
        await answer(send, 200, b'{"status": "ok"}')
    elif path == "/readyz":
        await readiness(scope, receive, send)
    elif path == "/metrics":
        await scrapes(scope, receive, send)
    elif ADVICE.fullmatch(path) and has_token(scope):
        await quick(scope, receive, send)
    elif path == LIVE:
        await live(scope, receive, send)
    elif path.startswith("/demo/"):
        await media(scope, receive, send)
    else:
        await pages(scope, receive, send)


application = doors.before(behind_the_doors, Line())
noting.start()
threading.Thread(target=known_tokens.keep_reading, daemon=True, name="tokens").start()

for problem in checks.run_checks(tags=["callstore", SPOOL], include_deployment_checks=True):
    if problem.is_serious():
        raise SystemExit(str(problem))
    if problem.id == "callstore.W006":
        logging.getLogger(__name__).error("%s", problem)
# It serves all the same: doors send back, and /readyz says why. While the database is away nobody can know.
if is_reachable() and (fault := key_check.fault()):
    logging.getLogger(__name__).critical("%s", fault)
drain.start()


def _end_with(parent: int) -> None:
    """Granian's worker outlives a killed parent, holds the port and answers with old code for ever."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


# Every connection is a file, and the usual limit is 1,024.
_soft, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
# The loop waits for the interpreter behind at most so many threads: at the usual 5 ms it would be 50.
sys.setswitchinterval(0.001)

_patterns = get_resolver().url_patterns  # imported at the first request otherwise
collector.relax()  # or one in every fifteen questions about a long call would wait for a full pass

if "CALLSTORE_UP" in os.environ:
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
