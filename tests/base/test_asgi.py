"""Bodies gathered on a loop: whole, in time, and all together no more than there is room for."""

import asyncio
from http import HTTPStatus

import pytest

from callstore.base import asgi
from callstore.base.asgi import Bodies, Unanswerable


def scope(**headers):
    return {
        "type": "http",
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
    }


def coming(*messages):
    """A `receive` that gives these, then nothing for ever."""
    ahead = iter(messages)

    async def receive():
        for message in ahead:
            return message
        await asyncio.Event().wait()

    return receive


def part(body, more=True):
    return {"type": "http.request", "body": body, "more_body": more}


def gather(bodies, receive, **headers):
    async def run():
        body = await bodies.gather(scope(**headers), receive)
        held = bodies.held
        bodies.let_go(body)
        return body, held

    return asyncio.run(run())


def status_of(bodies, receive, **headers):
    with pytest.raises(Unanswerable) as caught:
        gather(bodies, receive, **headers)
    assert bodies.held == 0
    return caught.value.status


def test_a_body_is_held_until_it_is_done_with():
    bodies = Bodies(10, 1.0)
    assert gather(bodies, coming(part(b"abc"), part(b"de"), part(b"", more=False))) == (b"abcde", 5)
    assert bodies.held == 0


def test_a_body_may_be_whole_once_it_is_as_long_as_announced():
    def bodies():
        return Bodies(10, 0.05, by_length=True)

    assert gather(bodies(), coming(part(b"abc"), part(b"de")), content_length="5")[0] == b"abcde"
    assert gather(bodies(), coming(), content_length="0")[0] == b""
    assert status_of(bodies(), coming(part(b"abc")), content_length="5") == HTTPStatus.REQUEST_TIMEOUT
    assert status_of(bodies(), coming(part(b"abc"))) == HTTPStatus.REQUEST_TIMEOUT  # none was announced
    chunked = {"content_length": "3", "transfer_encoding": "chunked"}  # the first says nothing then
    assert status_of(bodies(), coming(part(b"abc")), **chunked) == HTTPStatus.REQUEST_TIMEOUT


def test_a_body_at_the_limit_is_taken_and_one_byte_more_is_not():
    assert gather(Bodies(4, 1.0), coming(part(b"abcd", more=False)))[0] == b"abcd"
    assert status_of(Bodies(4, 1.0), coming(part(b"abc"), part(b"de"))) == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


@pytest.mark.parametrize("announced", ["5", "9" * 18, "9" * 5000])
def test_what_announces_too_much_is_refused_unread(announced):
    assert (
        status_of(Bodies(4, 1.0), coming(), content_length=announced) == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    )


@pytest.mark.parametrize("announced", ["", "-5", "lots", "4"])
def test_an_announcement_that_is_no_number_promises_nothing(announced):
    assert gather(Bodies(4, 1.0), coming(part(b"ab", more=False)), content_length=announced)[0] == b"ab"


def test_a_body_that_stops_coming_is_given_up():
    assert status_of(Bodies(10, 0.05), coming(part(b"abc"))) == HTTPStatus.REQUEST_TIMEOUT


def test_a_body_that_is_broken_off_is_a_bad_request():
    broken = coming(part(b"abc"), {"type": "http.disconnect"})
    assert status_of(Bodies(10, 1.0), broken) == HTTPStatus.BAD_REQUEST


def test_what_no_longer_fits_beside_the_others_is_asked_to_come_back(monkeypatch):
    monkeypatch.setattr(asgi, "SMALL", 4)
    bodies = Bodies(10, 1.0, most=12)

    async def run():
        first = await bodies.gather(scope(), coming(part(b"x" * 8, more=False)))
        with pytest.raises(Unanswerable) as caught:
            await bodies.gather(scope(), coming(part(b"x" * 8, more=False)))
        assert (caught.value.status, bodies.held) == (HTTPStatus.SERVICE_UNAVAILABLE, 8)
        # As small as a callback, it has room however many hold theirs.
        small = await bodies.gather(scope(), coming(part(b"x" * 3, more=False)))
        assert (small, bodies.held) == (b"xxx", 11)
        bodies.let_go(small)
        bodies.let_go(first)
        return await bodies.gather(scope(), coming(part(b"x" * 8, more=False)))

    assert asyncio.run(run()) == b"x" * 8
