"""A delivery's fields, each disguised by its name: what is nobody's word, number or key stays as it is."""

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

import orjson

from callstore.domain.facts.vocabulary import HUNG_UP
from callstore.report.disguise.disguise import masked
from callstore.report.disguise.text import Scrub

ADDRESSES = frozenset({
    "from", "to", "caller", "called", "forwardedfrom", "calledvia", "phonenumber", "phone", "number",
    "callerid",    "outgoingcallerid", "dialcallto", "sipuser", "sipusername",
})  # fmt: skip
WORDS = frozenset({
    "text", "transcript", "transcriptiontext", "delta", "instructions", "arguments", "output", "content",
    "speechresult", "stablespeechresult", "unstablespeechresult", "partialresults", "hints", "prompt",
    "callername", "input", "inputtext", "outputtext", "refusal", "query", "utterance", "words",
})  # fmt: skip
# The application's free text; of a provider's messages the numbers alone are hidden.
FREE = ("app.", "callstore.")
FREE_KEPT = frozenset({
    "level", "reason", "type", "kind", "tool", "version", "agentversion", "agent", "agentname",
})  # fmt: skip
NAMES = frozenset({"friendlyname", "participantlabel", "conferencename", "label"})
KEYS = frozenset({"digits", "digit", "dtmf"})
OPEN = frozenset({"metadata", "variables", "customparameters", "attributes"})
SECRET = frozenset({"calltoken", "stirpassporttoken", "authorization", "clientsecret", "ephemeralkey"})
PLACES = tuple(
    f"{whose}{what}" for whose in ("caller", "called", "from", "to") for what in ("city", "state", "zip")
)
MOST_DIGITS = 9  # a whole number with as many may be a telephone's
# orjson reads 1,024 levels and writes 254. Nobody nests as deep who does not want to be in the way.
TOO_DEEP = (RecursionError, orjson.JSONEncodeError)
SPOKEN_TO = {"Sip", "Uri", "Redirect", "Stream", "Play", "Siprec"}
MET_IN = {"Conference", "Queue", "Client", "Identity", "Room"}


class Fields:
    """Disguises values by the names of their fields."""

    def __init__(self, scrub: Scrub) -> None:
        self.scrub = scrub

    def value(self, name: str, given: Any, *, free: bool = False) -> Any:
        """Any JSON. `free`: it is the application's own, of which nobody knows what stands in it."""
        key = name.lower().replace("_", "").replace("-", "")
        if isinstance(given, dict):
            if {"name", "value"} == given.keys() and all(isinstance(each, str) for each in given.values()):
                return {"name": given["name"], "value": self.scrub.header(given["name"], given["value"])}
            return self._object(key, given, free)
        if isinstance(given, list):
            return [self.value(name, each, free=free) for each in given]
        if isinstance(given, str):
            return self._text(name, key, given, free)
        if isinstance(given, int) and not isinstance(given, bool):
            return self._number(given)
        return given

    def _object(self, key: str, given: Mapping[str, Any], free: bool) -> dict[str, Any]:
        if key in OPEN:
            return {name: self._open(name, each) for name, each in given.items()}
        kind = given.get("type")
        if isinstance(kind, str) and "specversion" in given and kind.startswith(FREE):
            # An event of the application's own: its envelope is known, its data is not.
            return {name: self.value(name, each, free=name == "data") for name, each in given.items()}
        return {name: self.value(name, each, free=free) for name, each in given.items()}

    def _open(self, name: str, given: Any) -> Any:
        return (
            self.scrub.header(name, given) if isinstance(given, str) else self.value(name, given, free=True)
        )

    def _text(self, name: str, key: str, given: str, free: bool) -> str:
        if not given:
            return given
        if key in SECRET or key in PLACES:
            return ""
        if key in KEYS:
            return given if given == HUNG_UP else self.scrub.disguise.keys(given)
        if key in ADDRESSES:
            return self.scrub.address(given)
        if key in NAMES:
            return self.scrub.name(given)
        if key == "response" and given.lstrip().startswith("<"):
            return self.document(given)
        if given[0] in "{[" and (inside := _json(given)) is not None:
            try:
                return orjson.dumps(self.value(name, inside, free=free or key in WORDS)).decode()
            except TOO_DEEP:
                return masked(given)
        if key in WORDS or (free and key not in FREE_KEPT and not self.scrub.whole(given)):
            return masked(given)
        if key.startswith("sipheader"):
            return self.scrub.header(name, given)
        return self.scrub.text(given)

    def _number(self, given: int) -> int:
        if abs(given) < 10 ** (MOST_DIGITS - 1) or self.scrub.is_time(given):
            return given
        made = "".join(letter for letter in self.scrub.disguise.number(str(abs(given))) if letter.isdigit())
        return int(made or 0)

    def document(self, xml: str) -> str:
        """TwiML: what is said is masked, whom it calls is disguised; nothing stays of what is no XML."""
        if "<!DOCTYPE" in xml:
            return masked(xml)
        try:
            root = ElementTree.fromstring(xml.replace("\0", ""))
        except (ElementTree.ParseError, ValueError):
            return masked(xml)
        for element in root.iter():
            if element.text and element.text.strip():
                element.text = self._said(element.tag, element.text.strip())
            if element.tail and element.tail.strip():
                element.tail = masked(element.tail)
            for name, value in element.attrib.items():
                element.set(name, self._attribute(element, name, value))
        return '<?xml version="1.0" encoding="UTF-8"?>' + ElementTree.tostring(root, encoding="unicode")

    def _said(self, tag: str, text: str) -> str:
        if tag in SPOKEN_TO:
            address, mark, headers = text.partition("?") if text.startswith("sip") else (text, "", "")
            pairs = [pair.partition("=") for pair in headers.split("&")] if headers else []
            hidden = "&".join(f"{name}{is_}{self.scrub.header(name, value)}" for name, is_, value in pairs)
            return f"{self.scrub.text(address)}{mark}{hidden}"
        if tag in MET_IN:
            return self.scrub.name(text)
        return self.scrub.address(text) if tag == "Number" else masked(text)

    def _attribute(self, element: "ElementTree.Element", name: str, value: str) -> str:
        if element.tag in ("Parameter", "Header") and name == "value":
            return self.scrub.header(element.get("name", ""), value)
        if name == "name":
            return value
        return self._text(name, name.lower(), value, False)


def _json(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
