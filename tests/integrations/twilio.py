"""Twilio as its own package has it: callbacks signed by it, and a REST API that takes what it is asked."""

import json
import secrets
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree

from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from tests.ingest import deliveries as given

FORM = "application/x-www-form-urlencoded; charset=UTF-8"
BEGAN = {"ApiVersion": "2010-04-01", "AccountSid": given.ACCOUNT}


def sid(kind="CA"):
    return kind + secrets.token_hex(16)


def signature(url, params):
    return RequestValidator(given.TOKEN).compute_signature(url, params)


def deliver(instance, url, **params):
    """Twilio asks a URL that it was given, `#…` left out; the status of the answer."""
    url = url.partition("#")[0]
    assert url.startswith(given.BASE), url
    params = BEGAN | params
    headers = {"X-Twilio-Signature": signature(url, params), "Content-Type": FORM}
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return instance.ask("POST", path, urlencode(params).encode(), headers)[0]


def callbacks(twiml):
    """The addresses that a document gives Twilio to tell, by verb and attribute."""
    found = {}
    for element in ElementTree.fromstring(twiml).iter():
        for name, value in element.attrib.items():
            if "callback" in name.lower() and not name.endswith(("Event", "Method")):
                found[element.tag, name] = value
    return found


def progress(leg, status, parent=None, sequence=0, **more):
    """The parameters of a leg's progress callback."""
    own = {"ParentCallSid": parent, "Direction": "outbound-dial"} if parent else {"Direction": "inbound"}
    return {
        "CallSid": leg,
        "CallStatus": status,
        "SequenceNumber": str(sequence),
        "CallbackSource": "call-progress-events",
        "Timestamp": f"Mon, 13 Apr 2026 00:18:{17 + sequence:02d} +0000",
        "From": "+81355500123",
        "To": "+815055509876",
        **own,
        **more,
    }


class Api(HttpClient):
    """Remembers what the package's client asked, and says that it was done."""

    def __init__(self):
        self.asked = []

    def request(self, method, uri, params=None, data=None, headers=None, auth=None, timeout=None,
                allow_redirects=False):  # fmt: skip
        self.asked.append((method, urlsplit(uri).path, data))
        return Response(200 if method == "GET" else 201, json.dumps({"sid": sid("DG")}))


def client():
    """twilio.rest.Client, and what it asked."""
    api = Api()
    return Client(given.ACCOUNT, given.TOKEN, http_client=api), api.asked
