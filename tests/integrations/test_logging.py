"""The logging handler: lines and exceptions on the call that they belong to."""

import logging

import pytest

from tests.integrations import twilio
from tests.integrations.recipe import recipe


@pytest.fixture
def page(callstore):
    module = recipe("logging.md", "callstore_logging.py")
    log = logging.getLogger("voice-app")
    handler = module.CallstoreHandler(callstore, level=logging.INFO)
    root = logging.getLogger()
    root.addHandler(handler)
    before, log.level = log.level, logging.DEBUG
    yield module, log
    root.removeHandler(handler)
    log.setLevel(before)


def test_a_line_and_an_exception_are_on_their_call(page, callstore, kept):
    module, log = page
    leg = twilio.sid()
    token = module.CALL.set(leg)
    log.info("transfer asked for by %s", "the caller")
    log.debug("below the level")
    try:
        raise ValueError("no such queue")
    except ValueError:
        log.exception("the transfer failed")
    module.CALL.reset(token)
    log.warning("of another call", extra={"call": twilio.sid()})
    assert callstore.flush()
    said = {record.event.what: record.event for record in kept(f"twilio:{leg}")}
    line, failure = said.pop("log"), said.pop("exception")
    assert (line.what, line.level, line.message) == ("log", "info", "transfer asked for by the caller")
    assert (failure.what, failure.level) == ("exception", "error")
    assert "ValueError: no such queue" in failure.message and said == {}


def test_what_belongs_to_no_call_is_kept_with_the_application(page, callstore, kept):
    _, log = page
    log.warning("starting without a cache")
    assert callstore.flush()
    assert "starting without a cache" in {record.event.message for record in kept("app:/voice-app")}


def test_the_clients_own_trouble_is_not_sent_and_a_bad_line_is_no_fault(page, callstore, kept, monkeypatch):
    _, log = page
    monkeypatch.setattr(logging, "raiseExceptions", False)
    leg = twilio.sid()
    logging.getLogger("callstore_client").warning("callstore answered 403", extra={"call": leg})
    log.warning("%d calls", "no number", extra={"call": leg})
    assert callstore.flush() and kept(f"twilio:{leg}") == []
