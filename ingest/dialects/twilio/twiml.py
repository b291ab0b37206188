"""TwiML requests (what our application was asked) and its answers, the same by every channel."""

from urllib.parse import parse_qsl, urldefrag
from xml.etree import ElementTree

from callstore.domain.facts.events import DialFinished, DigitsPressed, FlowAnswered, FlowAsked
from callstore.domain.facts.record import Draft
from callstore.domain.facts.vocabulary import HUNG_UP, AskKind
from ingest.dialects import parse
from ingest.dialects.agents import agent
from ingest.dialects.twilio.voice_request import VoiceRequest, leg_refs

# What marks a <Record> action; one that recorded nothing has none of them, and says that the caller hung up.
_RECORD = frozenset({"RecordingUrl", "RecordingSid", "RecordingDuration"})

_URIS = ("Sip", "Uri")
_CALLBACKS = ("tatusCallback", "tatusCallbackUrl")  # statusCallback, recordingStatusCallback…


def kind(request: VoiceRequest) -> AskKind:
    """Which verb made the request, told by its parameters (twilio.com/docs/voice/twiml)."""
    words = request.words
    if "DialCallStatus" in words:
        return "dial"
    if _RECORD.intersection(words) or words.get("Digits") == HUNG_UP:
        return "voice"  # a <Record> action: its Digits say what ended the recording
    if "Digits" in words or "SpeechResult" in words or words.get("msg") == "Gather End":
        return "gather"
    return "voice"


def question(request: VoiceRequest) -> Draft:
    """The fact that Twilio asked what to do next."""
    return _READERS[kind(request)](request)


def _voice(request: VoiceRequest) -> Draft:
    words = request.words
    return Draft(
        source="twilio",
        subject=request.subject,
        key="asked",
        fingerprint=request.fingerprint,
        event=FlowAsked(
            path=request.path,
            status=words.get("CallStatus"),
            direction=words.get("Direction"),
            parent=words.get("ParentCallSid"),
            error_code=parse.code(words.get("ErrorCode")),
            caller=words.get("From"),
            called=words.get("To"),
            account=request.account_sid,
            agent=agent(dict(parse_qsl(request.query))).name,
        ),
        refs=leg_refs(request, "ParentCallSid", "SipCallId"),
        occurred=request.arrived,
        received_at=request.received_at,
        raw=request.raw,
    )


def _gather(request: VoiceRequest) -> Draft:
    words = request.words
    return Draft(
        source="twilio",
        subject=request.subject,
        # A menu that is heard twice may ask the same twice; the token, where it came along, tells which.
        key=parse.named("gather", request.token) if request.token else "gather",
        fingerprint=request.fingerprint,
        event=DigitsPressed(
            path=request.path,
            status=words.get("CallStatus"),
            direction=words.get("Direction"),
            digits=words.get("Digits"),
            speech=words.get("SpeechResult"),
            caller=words.get("From"),
            called=words.get("To"),
            request=request.token,
            account=request.account_sid,
        ),
        refs=leg_refs(request, "ParentCallSid"),
        occurred=request.arrived,
        received_at=request.received_at,
        raw=request.raw,
    )


def _dial(request: VoiceRequest) -> Draft:
    words = request.words
    child = words.get("DialCallSid")
    return Draft(
        source="twilio",
        subject=request.subject,
        key=parse.named("dial", child or "-"),
        fingerprint=None if child else request.fingerprint,
        event=DialFinished(
            path=request.path,
            status=words.get("CallStatus"),
            direction=words.get("Direction"),
            child=child,
            dial_status=words.get("DialCallStatus"),
            duration_s=parse.integer(words.get("DialCallDuration")),
            bridged=parse.truth(words.get("DialBridged")),
            sip_code=parse.sip_status(words.get("DialSipResponseCode")),
            sip_call_id=words.get("DialSipCallId"),
            error_code=parse.code(words.get("ErrorCode")),
            caller=words.get("From"),
            called=words.get("To"),
            account=request.account_sid,
        ),
        refs=leg_refs(request, "DialCallSid", "DialSipCallId", "ParentCallSid"),
        occurred=request.arrived,
        received_at=request.received_at,
        raw=request.raw,
    )


_READERS = {"voice": _voice, "gather": _gather, "dial": _dial}


def answer(request: VoiceRequest, http_status: int | None, document: str) -> FlowAnswered:
    """What the application answered; a document that is no XML tells nothing but its HTTP status."""
    root = _parsed(document)
    elements = [] if root is None else [element for element in root.iter() if element is not root]
    dial = next((element for element in elements if element.tag == "Dial"), None)
    return FlowAnswered(
        path=request.path,
        asked=kind(request),
        http_status=http_status,
        verbs=tuple(str(element.tag) for element in elements),
        sip_headers=tuple(name for element in elements for name in _header_names(element)),
        record=None if dial is None else parse.text(dial.get("record")),
        time_limit_s=None if dial is None else parse.integer(dial.get("timeLimit")),
        trim=None if dial is None else parse.text(dial.get("trim")),
        sip_targets=tuple(_target(element) for element in elements if element.tag in _URIS),
        callbacks=None if root is None else tuple(c for element in elements for c in _callbacks(element)),
    )


def _target(element: ElementTree.Element) -> tuple[str, str]:
    """The host of a SIP URI and the parameters behind it; whom it calls there is left out."""
    address, _, parameters = (element.text or "").strip().partition("?")[0].partition(";")
    return address.rpartition("@")[2].removeprefix("sips:").removeprefix("sip:").lower(), parameters


def _callbacks(element: ElementTree.Element) -> list[tuple[str, str, str]]:
    """Where an element has its progress told: `Verb.attribute`, the events, the overrides of the URL."""
    return [
        (f"{element.tag}.{name}", element.get(f"{name.removesuffix('Url')}Event", ""), urldefrag(url)[1])
        for name, url in element.attrib.items()
        if name.endswith(_CALLBACKS) and url.strip()
    ]


def _parsed(document: str) -> ElementTree.Element | None:
    if "<!DOCTYPE" in document:  # entities are how XML explodes, and no TwiML has any
        return None
    try:
        return ElementTree.fromstring(document.replace("\0", ""))
    except (ElementTree.ParseError, ValueError):
        return None


def _header_names(element: ElementTree.Element) -> list[str]:
    """Names of the headers that a <Sip> puts on its INVITE: on the URI, or as <Header name=…>."""
    if element.tag == "Header":
        return [element.get("name", "")] if element.get("name") else []
    if element.tag not in _URIS:
        return []
    _, _, headers = (element.text or "").strip().partition("?")
    return [pair.partition("=")[0] for pair in headers.split("&") if pair.partition("=")[0]]
