"""Asking the ingest side to do something for calls."""

import logging
from collections.abc import Iterable

from celery import current_app
from kombu.exceptions import OperationalError

from callstore.requests.request import Request

log = logging.getLogger(__name__)


def ask(requests: Iterable[Request]) -> None:
    """Enqueue requests. A message that is lost costs a wait: the sweep asks again."""
    for request in requests:
        try:
            current_app.send_task(request.TASK, kwargs=request.arguments(), retry=False)
        except OperationalError:
            log.warning("%s was not asked for: no broker. It will be asked again.", request.TASK)
