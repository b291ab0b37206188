"""A stand-in for Twilio's REST API on loopback: what it would know of a scenario, in its shapes and pages.

https://www.twilio.com/docs/voice/api, https://www.twilio.com/docs/voice/voice-insights/api
"""

import base64
import json
import re
import threading
import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from callstore.domain.facts.vocabulary import TERMINAL
from tests.ingest.deliveries import ACCOUNT

PAGE = 2  # records: every list of some length has pages


def mail(at):
    return format_datetime(datetime.fromtimestamp(int(at), UTC))


def snake(name):
    """The name of a parameter as Call Events write it: SipResponseCode is sip_response_code."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


@dataclass
class TwilioApi:
    """`fault` may answer instead: given (path, how often it was asked), it gives (status, body, headers)."""

    url: str = ""
    calls: dict = field(default_factory=dict)  # SID → Call resource
    events: dict = field(default_factory=lambda: defaultdict(list))
    notifications: dict = field(default_factory=lambda: defaultdict(list))
    recordings: dict = field(default_factory=dict)
    summaries: dict = field(default_factory=dict)
    insights: dict = field(default_factory=lambda: defaultdict(list))
    conferences: list = field(default_factory=list)
    participants: dict = field(default_factory=lambda: defaultdict(list))
    transcripts: dict = field(default_factory=lambda: defaultdict(list))  # recording → transcripts
    sentences: dict = field(default_factory=lambda: defaultdict(list))
    tokens: set = field(default_factory=set)
    fault: object = None
    requests: list = field(default_factory=list)  # (path, query, headers)

    def answer(self, path, query, headers):
        """(status, body, headers) to the next request."""
        self.requests.append((path, query, headers))
        times = sum(asked == path for asked, _, _ in self.requests)
        if self.fault and (faulty := self.fault(path, times)):
            return faulty
        _, _, pair = headers.get("Authorization", "").partition(" ")
        if base64.b64decode(pair).decode().partition(":")[2] not in self.tokens:
            return 401, {"code": 20003, "message": "Authenticate", "status": 401}, {}
        found = self.found(headers.get("X-Original-Host"), path, query)
        if found is None:
            return 404, {"code": 20404, "message": f"The requested resource {path} was not found"}, {}
        return 200, found, {}

    def found(self, host, path, query):
        if host == "api.twilio.com":
            return self._voice(path, query)
        if host == "insights.twilio.com":
            return self._insights(path, query)
        if host == "intelligence.twilio.com":
            return self._intelligence(path, query)
        return None

    def _voice(self, path, query):
        rest = path.removeprefix(f"/2010-04-01/Accounts/{ACCOUNT}/").removesuffix(".json").split("/")
        match rest:
            case ["Calls"]:
                asked = query.get("ParentCallSid", [None])[0]
                since = query.get("StartTime>", [""])[0]
                return self._page(path, query, "calls", self._legs(asked, since))
            case ["Calls", sid]:
                return self.calls.get(sid)
            case ["Calls", sid, "Events"]:
                return self._page(path, query, "events", self.events[sid])
            case ["Calls", sid, "Notifications"]:
                return self._page(path, query, "notifications", self.notifications[sid])
            case ["Recordings"]:
                of = query.get("CallSid", [None])[0]
                found = [r for r in self.recordings.values() if of in (None, r["call_sid"])]
                return self._page(path, query, "recordings", found)
            case ["Conferences"]:
                status = query.get("Status", ["in-progress"])[0]
                day = query.get("DateCreated", [""])[0]
                found = [c for c in self.conferences if c["status"] == status
                         and parsedate_to_datetime(c["date_created"]).date().isoformat() == day]  # fmt: skip
                return self._page(path, query, "conferences", found)
            case ["Conferences", sid, "Participants"]:
                return self._page(path, query, "participants", self.participants[sid])
        return None

    def _legs(self, parent, since):
        return [
            call
            for call in self.calls.values()
            if parent in (None, call["parent_call_sid"])
            and (not since or parsedate_to_datetime(call["start_time"]) >= datetime.fromisoformat(since))
        ]

    def _insights(self, path, query):
        match path.removeprefix("/v1/Voice/").split("/"):
            case [sid, "Summary"]:
                return self.summaries.get(sid)
            case [sid, "Events"]:
                return self._meta(path, query, "events", self.insights[sid])
        return None

    def _intelligence(self, path, query):
        match path.removeprefix("/v2/Transcripts").split("/"):
            case [""]:
                found = self.transcripts[query.get("SourceSid", [""])[0]]
                return self._meta(path, query, "transcripts", found)
            case ["", sid, "Sentences"]:
                return self._meta(path, query, "sentences", self.sentences[sid])
        return None

    def _page(self, path, query, key, records):
        start = int(query.get("Page", ["0"])[0]) * PAGE
        more = start + PAGE < len(records)
        kept = {name: values[0] for name, values in query.items()} | {"Page": start // PAGE + 1}
        return {
            key: records[start : start + PAGE], "page": start // PAGE, "page_size": PAGE, "start": start,
            "end": start + PAGE - 1, "uri": path, "first_page_uri": path, "previous_page_uri": None,
            "next_page_uri": f"{path}?{urlencode(kept)}" if more else None,
        }  # fmt: skip

    def _meta(self, path, query, key, records):
        page = self._page(path, query, key, records)
        host = {"/v1": "insights", "/v2": "intelligence"}[path[:3]]
        after = page["next_page_uri"]
        return {key: page[key], "meta": {
            "key": key, "page": page["page"], "page_size": PAGE,
            "next_page_url": f"https://{host}.twilio.com{after}" if after else None,
        }}  # fmt: skip


def knowing(scenario, api):
    """Teaches the stand-in what Twilio would know of this call, however much of it was delivered."""
    answers = _answers(scenario)
    for delivery in scenario.deliveries:
        if delivery.door != "twilio":
            continue
        if delivery.is_json:
            for element in json.loads(delivery.body):
                if "call-summary" in element["type"]:
                    data = element["data"]
                    data = json.loads(data) if isinstance(data, str) else data
                    api.summaries[data["call_sid"]] = data | {"url": "https://insights.twilio.com/v1/Voice"}
            continue
        _learn(api, delivery, dict(parse_qsl(delivery.body.decode(), keep_blank_values=True)), answers)
    for call in api.calls.values():
        if call["status"] in TERMINAL and call["end_time"] is None:
            call["status"] = "in-progress"
    return api


def _answers(scenario):
    """What the application answered to each TwiML request, by its SID and path."""
    found = defaultdict(list)
    for delivery in scenario.deliveries:
        if delivery.door == "app":
            lines = [json.loads(line) for line in delivery.body.splitlines()]
            for event in lines[0] if isinstance(lines[0], list) else lines:
                if event["type"] == "twilio.exchange":
                    data = event["data"]
                    found[data["params"]["CallSid"], urlsplit(data["url"]).path].append(data)
    return found


def _learn(api, delivery, form, answers):
    if "Payload" in form:
        return _warned(api, form)
    at = parsedate_to_datetime(form["Timestamp"]).timestamp() if "," in form.get("Timestamp", "") else None
    at = at or delivery.received_at
    if "StatusCallbackEvent" in form:
        return _met(api, form, at)
    sid = form["CallSid"]
    _listed(api, delivery, form, answers, at)
    if "RecordingStatus" in form:
        api.recordings[form["RecordingSid"]] = {
            "sid": form["RecordingSid"], "call_sid": sid, "account_sid": form["AccountSid"],
            "conference_sid": None, "status": form["RecordingStatus"], "source": form["RecordingSource"],
            "channels": int(form["RecordingChannels"]), "duration": form.get("RecordingDuration"),
            "start_time": form["RecordingStartTime"], "date_created": form["RecordingStartTime"],
            "date_updated": mail(at), "price": None, "error_code": None, "encryption_details": None,
            "media_url": form["RecordingUrl"], "api_version": "2010-04-01", "subresource_uris": {},
        }  # fmt: skip
        return None
    if "CallStatus" not in form:
        return None
    call = api.calls.setdefault(sid, {
        "sid": sid, "account_sid": form["AccountSid"], "parent_call_sid": form.get("ParentCallSid"),
        "direction": form["Direction"], "from": form["From"], "to": form["To"], "status": "ringing",
        "date_created": mail(at), "start_time": mail(at), "end_time": None, "duration": None,
        "api_version": "2010-04-01", "answered_by": None, "forwarded_from": None, "price": None,
        "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Calls/{sid}.json", "subresource_uris": {},
    })  # fmt: skip
    if form["CallStatus"] in TERMINAL and "CallDuration" in form:
        call |= {"status": form["CallStatus"], "end_time": mail(at), "duration": form["CallDuration"]}
    elif form["CallStatus"] == "in-progress" and "CallbackSource" in form:
        call |= {"status": "in-progress", "start_time": mail(at)}
    return None


def _met(api, form, at):
    """A conference and who joined it. Who left it is struck from its list (twilio.com/docs/voice/api)."""
    sid, what = form["ConferenceSid"], form["StatusCallbackEvent"]
    found = next((conference for conference in api.conferences if conference["sid"] == sid), None)
    if found is None:
        found = {
            "sid": sid, "account_sid": form["AccountSid"], "friendly_name": form["FriendlyName"],
            "status": "in-progress", "date_created": mail(at), "date_updated": mail(at),
            "reason_conference_ended": None, "call_sid_ending_conference": None,
        }  # fmt: skip
        api.conferences.append(found)
    if what == "conference-end":
        found |= {
            "status": "completed", "date_updated": mail(at),
            "reason_conference_ended": form.get("ReasonConferenceEnded"),
            "call_sid_ending_conference": form.get("CallSidEndingConference"),
        }  # fmt: skip
    elif what == "participant-join":
        api.participants[sid].append({
            "conference_sid": sid, "account_sid": form["AccountSid"], "call_sid": form["CallSid"],
            "label": form.get("ParticipantLabel"), "date_created": mail(at), "muted": False, "hold": False,
            "end_conference_on_exit": form.get("EndConferenceOnExit") == "true",
            "start_conference_on_enter": form.get("StartConferenceOnEnter") == "true",
        })  # fmt: skip


def _listed(api, delivery, form, answers, at):
    """The request as Call Events list it, once however often it was delivered."""
    said = answers[form["CallSid"], delivery.path.partition("?")[0]]
    answered = said.pop(0) if said and "CallbackSource" not in form else {}
    entry = {
        "request": {
            "method": "POST",
            "url": f"https://calls.example.com{delivery.path}",
            "parameters": {snake(name): value for name, value in form.items()},
        },
        "response": {
            "response_code": answered.get("status", 204), "request_duration": 83, "content_type": "",
            "response_body": answered.get("response", ""), "date_created": mail(at),
        },
    }  # fmt: skip
    if all(known["request"] != entry["request"] for known in api.events[form["CallSid"]]):
        api.events[form["CallSid"]].append(entry)


def _warned(api, form):
    payload = json.loads(form["Payload"])
    info = payload["more_info"]
    about = payload["resource_sid"]
    told = {"ErrorCode": payload["error_code"], "LogLevel": "WARN", "Msg": info.get("Msg", "")}
    at = datetime.fromisoformat(form["Timestamp"]).timestamp()
    api.notifications[about].append({
        "sid": "NO" + "4e" * 16, "account_sid": form["AccountSid"], "call_sid": about,
        "api_version": "2010-04-01", "log": "0" if form["Level"].upper() == "ERROR" else "1",
        "error_code": payload["error_code"], "message_text": urlencode(told), "message_date": mail(at),
        "date_created": mail(at), "date_updated": mail(at), "request_method": None, "request_url": "",
        "more_info": f"https://www.twilio.com/docs/errors/{payload['error_code']}",
        "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Calls/{about}/Notifications/NO.json",
    })  # fmt: skip


@contextmanager
def serving(api=None):
    """Runs the stand-in until the block ends. A body that is bytes is sent as it is, cut short at "half"."""
    api = api or TwilioApi()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            parts = urlsplit(self.path)
            query = parse_qs(parts.query)
            status, body, headers = api.answer(parts.path, query, dict(self.headers))
            headers = dict(headers)
            sent = body if isinstance(body, bytes) else json.dumps(body).encode()
            length = len(sent) * 2 if headers.pop("cut", None) else len(sent)
            time.sleep(headers.pop("slow", 0))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_):
            pass

        def handle_one_request(self):
            try:
                super().handle_one_request()
            except (BrokenPipeError, ConnectionResetError):  # who asked has heard enough
                self.close_connection = True

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        api.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield api
        finally:
            server.shutdown()
            thread.join()
