"""What Twilio's API has of a call, kind by kind, by the `twilio` package: plain records, nothing read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from email.utils import format_datetime
from typing import Any

from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from ingest.backfill.rest_http import RestHttp, Unanswered
from ingest.dialects.twilio.rest import Resource
from ingest.providers.twilio.accounts import tokens
from ingest.providers.twilio.setting import SETTING

PAGE = 500
MOST = 10_000  # records of one list


class Api:
    """The API of one account. Every method raises Unanswered where Twilio did not tell."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def call(self, sid: str) -> Resource:
        """A leg."""
        return _one(lambda: self._client.calls(sid).fetch())

    def children(self, sid: str) -> list[Resource]:
        """The legs that a leg dialled."""
        return _many(self._client.calls, parent_call_sid=sid)

    def calls_since(self, since: datetime) -> list[Resource]:
        """The legs that began since then."""
        return _many(self._client.calls, start_time_after=since)

    def events(self, sid: str) -> list[Resource]:
        """The requests that Twilio made for a leg."""
        return _many(self._client.calls(sid).events)

    def notifications(self, sid: str) -> list[Resource]:
        """The warnings and errors of a leg."""
        return _many(self._client.calls(sid).notifications)

    def recordings(self, sid: str) -> list[Resource]:
        """The recordings that are filed under a leg."""
        return _many(self._client.recordings, call_sid=sid)

    def transcripts(self, recording: str) -> list[Resource]:
        """The transcripts that Twilio made of a recording."""
        return _many(self._client.intelligence.v2.transcripts, _iso, source_sid=recording)

    def sentences(self, transcript: str) -> list[Resource]:
        """The sentences of a transcript."""
        return _many(self._client.intelligence.v2.transcripts(transcript).sentences, _iso)

    def conferences(self, day: date, status: str) -> list[Resource]:
        """The conferences of a day in one status: without it only those that go on are listed."""
        return _many(self._client.conferences, date_created=day, status=status)

    def participants(self, conference: str) -> list[Resource]:
        """The legs in a conference; of one that is over Twilio lists none."""
        return _many(self._client.conferences(conference).participants)

    def summary(self, sid: str) -> Resource:
        """Voice Insights' summary of a leg, however far it is."""
        return _one(lambda: self._client.insights.v1.calls(sid).summary().fetch(), _iso)

    def insights(self, sid: str) -> list[Resource]:
        """Voice Insights' events of a leg."""
        return _many(self._client.insights.v1.calls(sid).events, _iso)


@contextmanager
def api(account_sid: str) -> Iterator[Api]:
    """The API of an account, asked with its own tokens or a parent's. Raises Unanswered without any."""
    pairs = tokens(account_sid)
    if not pairs:
        raise Unanswered(f"{SETTING.name} holds no token")
    http = RestHttp(pairs)
    try:
        # An environment of its own: TWILIO_REGION of whoever runs this would rewrite the hosts.
        yield Api(Client(*pairs[0], account_sid, http_client=http, environment={"TWILIO_EDGE": ""}))
    finally:
        http.close()


def _one(fetch: Callable[[], Any], spelled: Callable[[datetime], str] = format_datetime) -> Resource:
    with _understood():
        return _as_sent(fetch(), spelled)


def _many(of: Any, spelled: Callable[[datetime], str] = format_datetime, **asked: Any) -> list[Resource]:
    with _understood():
        return [_as_sent(each, spelled) for each in of.list(page_size=PAGE, limit=MOST, **asked)]


@contextmanager
def _understood() -> Iterator[None]:
    """Turns what the package makes of an answer that is not Twilio's shape into a sentence."""
    try:
        yield
    except Unanswered:
        raise
    except TwilioException as error:
        raise Unanswered(f"Twilio's answer could not be read: {error}") from None
    except Exception as error:  # whatever a shape that nobody foresaw makes of the package's reading
        raise Unanswered(f"Twilio's answer has another shape: {type(error).__name__}") from None


def _as_sent(instance: Any, spelled: Callable[[datetime], str]) -> Resource:
    """A record by the names that Twilio gave its fields, moments written as its API writes them."""
    fields = {name.lstrip("_"): value for name, value in vars(instance).items() if name not in _OWN}
    return {name: spelled(value) if isinstance(value, datetime) else value for name, value in fields.items()}


_OWN = {"_version", "_solution", "_context"}  # the package's, beside the fields


def _iso(moment: datetime) -> str:
    return moment.isoformat()
