"""The door of the web process."""

import gc
import os
import threading
import time

from django.core import checks
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callstore.settings")
pages = get_wsgi_application()

from ingest.doors.batching import Batcher  # noqa: E402
from ingest.doors.receive import receive_all  # noqa: E402
from ingest.doors.wsgi import before  # noqa: E402 -- models exist from here on

application = before(pages, Batcher(receive_all))

for problem in checks.run_checks(tags=["callstore"]):
    if problem.is_serious():
        raise SystemExit(str(problem))


def _end_with(parent: int) -> None:
    """Granian's worker outlives a killed parent, holds the port and answers with old code for ever."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


# What is loaded now stays for ever. Out of the collector's sight it no longer costs 45 ms at each of its
# full passes, one in every fifteen questions about a long call.
_ = get_resolver().url_patterns  # imported at the first request otherwise
gc.collect()
gc.freeze()

if "CALLSTORE_UP" in os.environ:
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
