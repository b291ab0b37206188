"""Tells callstore what your application sees, in the background. Copy this file: Python 3.9, and no package.

    callstore = Callstore("https://callstore.example.com", token="one of INGEST_TOKENS")
    callstore.emit("app.log", {"message": "transfer asked for"}, subject="twilio:CA…")

Nothing here raises, and nothing waits for the network but `flush` and `close`. While callstore is away it is
tried again and again; what finds no room meanwhile is dropped, counted, and told when callstore is back.
"""

import atexit
import json
import logging
import os
import random
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from datetime import datetime, timezone
from itertools import islice
from uuid import uuid4

log = logging.getLogger("callstore_client")
VAIN = {400, 413, 415, 422}  # to try these again is vain; a wrong token or address somebody may set right


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):  # a redirect would lose the body, and take the token elsewhere
        return None


class Callstore:
    """A queue of CloudEvents and a thread that sends them. One a process is enough; a fork begins its own."""

    def __init__(self, url, token, source="/voice-app", most_events=10_000, most_bytes=32 << 20, **seconds):
        self._url, self._token, self._source = f"{url.rstrip('/')}/hooks/app/", token, source
        self._most_events, self._most_bytes = most_events, most_bytes
        self._patience = seconds.get("timeout_s", 5.0)  # for one answer
        self._longest_wait = seconds.get("longest_wait_s", 30.0)  # between two tries
        self._open = urllib.request.build_opener(_Stay).open
        self._begin()
        atexit.register(self.close)

    def emit(self, type, data=None, subject=None):
        """Have an event sent soon; False where it had to be dropped. Its `data` may change afterwards."""
        try:
            event = {"specversion": "1.0", "id": uuid4().hex, "source": self._source, "type": type}
            event["time"] = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
            event |= {"subject": subject, "data": data or {}}
            text = json.dumps(event, default=repr, allow_nan=False, ensure_ascii=False)
            return self._put(text.encode("utf-8", "replace"))
        except Exception as error:  # whatever it was, a caller on the telephone must not suffer from it
            log.debug("an event could not be written: %r", error)
            self.dropped += 1
            return False

    def flush(self, timeout_s=5.0):
        """Wait until all is sent; False where some was not in that time."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting, timeout_s)

    def close(self, timeout_s=5.0):
        """Send what waits, for so long at most, and take no more. The end of the process does it, too."""
        with self._changed:
            self._closed, self._until = True, time.monotonic() + timeout_s
            self._changed.notify_all()
        return self._pid != os.getpid() or self.flush(timeout_s)

    def _begin(self):
        self._pid, self._closed, self.dropped, self._told = os.getpid(), False, 0, 0
        self._waiting, self._bytes, self._changed = deque(), 0, threading.Condition()
        self._thread = threading.Thread(target=self._run, name="callstore", daemon=True)
        self._thread.start()

    def _put(self, text):
        if self._pid != os.getpid():
            self._begin()
        with self._changed:
            full = len(self._waiting) >= self._most_events or self._bytes + len(text) > self._most_bytes
            if full or self._closed:
                self.dropped += 1
                return False
            self._waiting.append(text)
            self._bytes += len(text)
            self._changed.notify_all()
            return True

    def _run(self):
        failures = 0
        while batch := self._batch():
            status = self._send(batch, logging.DEBUG if failures else logging.WARNING)
            failures = 0 if status == 202 or status in VAIN else min(failures + 1, 10)
            if not failures:
                self._forget(batch, status)
            elif not self._closed:
                wait = min(self._longest_wait, 0.25 * 2**failures) * random.uniform(0.5, 1.0)
                with self._changed:
                    self._changed.wait_for(lambda: self._closed, wait)
            elif time.monotonic() < self._until:
                time.sleep(0.1)  # somebody waits for the end
            else:
                return

    def _batch(self):
        """The oldest events, once there are some and they had time for company; none at the very end."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            self._changed.wait_for(lambda: self._closed, 0.2)
            batch, size = [], 0
            for text in islice(self._waiting, 500):
                size += len(text)
                if batch and size > 1_000_000:  # the door takes 2 MiB
                    break
                batch.append(text)
            return batch

    def _forget(self, batch, status):
        with self._changed:
            for text in batch:
                self._waiting.popleft()
                self._bytes -= len(text)
            self._changed.notify_all()
        if status in VAIN:
            self.dropped += len(batch)
        elif self.dropped > self._told:
            lost, self._told = self.dropped - self._told, self.dropped
            self.emit("app.log", {"level": "warning", "message": f"{lost} events were dropped on their way"})

    def _send(self, batch, level):
        """The status that a batch was answered with, 0 for none."""
        headers = {"Authorization": f"Bearer {self._token}"}
        headers["Content-Type"] = "application/cloudevents-batch+json"
        try:
            asked = urllib.request.Request(self._url, b"[" + b",".join(batch) + b"]", headers, method="POST")
            with self._open(asked, timeout=self._patience) as answer:
                for rejected in json.loads(answer.read())["rejected"]:
                    log.warning("callstore rejected an event: %s", rejected["error"])
                return answer.status
        except urllib.error.HTTPError as error:
            log.log(level, "callstore answered %s to %d events", error.code, len(batch))
            error.close()
            return error.code
        except Exception as error:
            log.log(level, "callstore is not to be reached: %r", error)
            return 0
