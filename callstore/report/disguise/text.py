"""Numbers, addresses and ids in any text, found in one pass and disguised where they stand."""

import re
from collections.abc import Iterable
from urllib.parse import quote, unquote

from callstore.report.disguise.disguise import NOT_ADDRESSES, PROVIDERS, Disguise, masked
from callstore.report.disguise.ids import OF_A_CALL

# A number is a time of this call only if it lies this near; a session's expiry is an hour ahead.
NEAR_S = 2 * 86_400
# What Twilio writes where there is no number (twilio.com/docs/voice/twiml).
NOBODY = frozenset({"anonymous", "restricted", "unavailable", "unknown", "blocked", "private", "+266696687"})
PHONE = re.compile(r"\+?\d{3,15}", re.ASCII)
# What may stand between a number's digits: a blank, also one that does not break, dashes, dots, brackets.
_GAP = r"[ \u00a0\u2010-\u2015().-]"
_NUMBERS = (
    rf"(?:[+＋]|%2B)\d(?:\d|{_GAP}){{5,20}}\d",
    r"(?<=tel:)\d[\d().-]{5,20}\d",
    r"(?<![\w.:-])\d{9,15}(?![\w:-]|\.\d)",
    # as at home: 090-1234-5678, (212) 555-0142
    rf"(?<![\w.:/+-])(?=\(?0(?:{_GAP}{{0,2}}\d){{8,14}})\(?0\d{{1,4}}\)?(?:{_GAP}{{1,2}}\d{{1,4}}){{1,4}}(?![\w-])",
    rf"(?<![\w.:/+-])(?:1{_GAP})?\(?\d{{3}}{_GAP}{{1,2}}\d{{3}}{_GAP}\d{{4}}(?![\w-])",
)
_PARTS = {
    "url": r"https?://[^\s\"'<>]+",
    "sip": r"(?P<scheme>sips?)(?P<colon>:|%3A)(?P<user>[^@\s<>\"';&?]{1,200}?)(?P<at>@|%40)"
    r"(?P<host>[\w.-]+|\[[0-9a-fA-F:.]+\])",
    "client": r"(?P<kind>client)(?P<sep>:|%3A)(?P<who>[^\s\"'<>&;,]+)",
    "named": r"(?P<other>AC|PA|AP|PN|SK|US|TD|CP|BY)[0-9a-fA-F]{32}"
    r"|(?<![A-Za-z0-9_])(?P<of>proj_|org[-_])\w{10,}",
    "id": OF_A_CALL,
    "mail": r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,9}\.[A-Za-z]{2,}",
    "ip": r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])",
    "phone": "|".join(_NUMBERS),
}


class Scrub:
    """Disguises what is personal in texts of one call.

    `known` are ids of whatever shape that the call's facts name, `near` a moment of the call in Unix seconds:
    a number near it is a time.
    """

    def __init__(self, disguise: Disguise, known: Iterable[str] = (), near: float = 0.0) -> None:
        self.disguise = disguise
        self._near = near
        literal = sorted({each for each in known if len(each) > 3}, key=len, reverse=True)
        parts = {"known": "|".join(map(re.escape, literal))} if literal else {}
        self._pattern = re.compile(
            "|".join(f"(?P<p_{name}>{part})" for name, part in (parts | _PARTS).items())
        )

    def text(self, text: str) -> str:
        """The text with its numbers, addresses and ids disguised; its words stay."""
        return self._pattern.sub(self._replaced, text)

    def address(self, text: str) -> str:
        """A caller or who is called: a number, a SIP address, a client, or a name."""
        if not text or text.lower() in NOBODY:
            return text
        if PHONE.fullmatch(text):
            return self.disguise.number(text)
        found = self.text(text)
        return self.disguise.name(text) if found == text and not self._pattern.search(text) else found

    def name(self, text: str) -> str:
        """The name of a conference, or of who is in it; one that is made of an id stays to be made of it."""
        if not text:
            return text
        return self.text(text) if self._pattern.search(text) else self.disguise.name(text)

    def whole(self, text: str) -> bool:
        """Whether a text is an id and nothing else."""
        found = self._pattern.fullmatch(text)
        return found is not None and any(found.groupdict().get(f"p_{name}") for name in _IDS)

    def is_time(self, number: float) -> bool:
        """Whether a number is a moment of the call, in seconds or milliseconds."""
        return any(abs(number / scale - self._near) < NEAR_S for scale in (1, 1000))

    def header(self, name: str, value: str) -> str:
        """The value of a SIP header or of a parameter by its name: labels of the agent and ids stay."""
        low = name.lower().removeprefix("sipheader_")
        if low.endswith("conferencename"):
            return self.name(value)
        if low in _STANDARD:
            return _without_names(_DISPLAYED.sub(self._displayed, self.text(value)))
        if low.endswith(("agent", "version", "agent-name", "agent_name")) or self.whole(value):
            return self.text(value)
        return masked(value)

    def _replaced(self, found: re.Match[str]) -> str:
        text = found[0]
        if found.groupdict().get("p_known"):
            return self._known(text)
        if found["p_url"]:
            return self._url(text)
        if found["p_sip"]:
            who, where = self._user(found["user"]), self._host(found["host"])
            return f"{found['scheme']}{found['colon']}{who}{found['at']}{where}"
        if found["p_client"]:
            return f"client{found['sep']}{quote(self.disguise.name(found['who']))}"
        if found["p_named"]:
            return self.disguise.id(text, found["other"] or found["of"])
        if found["p_id"]:
            return self.disguise.id(text, found["sid"] or found["prefixed"] or "")
        if found["p_mail"]:
            user, _, host = text.partition("@")
            return f"{self.disguise.name(user)}@{self._host(host)}"
        if found["p_ip"]:
            return self._host(text)
        return self._phone(text)

    def _known(self, text: str) -> str:
        shape = re.fullmatch(OF_A_CALL, text)
        if shape:
            return self.disguise.id(text, shape["sid"] or shape["prefixed"] or "")
        return self.disguise.id(text, text[:2] if text[:2] in ("CA", "CF") else "")

    def _phone(self, text: str) -> str:
        encoded = text.startswith("%2B")
        plain = "+" + text[3:] if encoded else text
        digits = "".join(c for c in plain if c.isdigit())
        if not plain.startswith("+") and self.is_time(int(digits)):
            return text
        made = self.disguise.number("+" + digits if plain.startswith("+") else digits)
        return quote(made, safe="") if encoded else made

    def _user(self, text: str) -> str:
        plain = unquote(text)
        if plain.startswith("proj_"):
            return self.disguise.id(plain, "proj_")
        return quote(
            self.disguise.number(plain) if PHONE.fullmatch(plain) else self.disguise.name(plain), safe="+[] "
        )

    def _host(self, text: str) -> str:
        low = text.lower()
        if low in NOT_ADDRESSES or any(low == each or low.endswith("." + each) for each in PROVIDERS):
            return text
        return self.disguise.host(text)

    def _url(self, text: str) -> str:
        """A URL without its login; in its query only ids and the agent's labels stay."""
        scheme, _, rest = text.partition("://")
        rest, hash_, fragment = rest.partition("#")
        rest, mark, query = rest.partition("?")
        host, slash, path = rest.partition("/")
        host, colon, port = host.rpartition("@")[2].partition(":")
        pairs = [pair.partition("=") for pair in query.split("&")] if query else []
        hidden = "&".join(f"{name}{is_}{self._query(name, value)}" for name, is_, value in pairs)
        where = f"{self._host(host)}{colon}{port}{slash}{self._inside(path)}"
        return f"{scheme}://{where}{mark}{hidden}{hash_}{self._inside(fragment)}"

    def _inside(self, text: str) -> str:
        """A part of a URL. Nothing stays of another URL in it: there could be thousands, each in the next."""
        return masked(text) if "://" in text else self.text(text)

    def _query(self, name: str, value: str) -> str:
        plain = unquote(value)
        return quote(masked(plain) if "://" in plain else self.header(name, plain), safe="[]+*")

    def _displayed(self, found: re.Match[str]) -> str:
        """The name before a SIP address, where it is none of the marks that stand there already."""
        inside = found[1]
        return found[0] if not inside or _is_mark(inside) else f'"{masked(inside)}" <'


def _is_mark(name: str) -> bool:
    return name[0] in "+[" or name.isdigit()


def _without_names(header: str) -> str:
    """The header without the names before its addresses that stand in no quotes."""
    *before, last = header.split("<")
    return "".join(f"{_unnamed(each)}<" for each in before) + last


def _unnamed(piece: str) -> str:
    cut = max(map(piece.rfind, _BEFORE_A_NAME)) + 1
    name = piece[cut:].strip()
    return piece if not name or _is_mark(name) else piece[:cut] + masked(piece[cut:])


_IDS = ("id", "named", "known")
_DISPLAYED = re.compile(r'"([^"]*)"\s*<')
_BEFORE_A_NAME = '">;,'
_STANDARD = frozenset({
    "via", "from", "to", "contact", "call-id", "cseq", "user-agent", "max-forwards", "content-type",
    "content-length", "record-route", "route", "p-asserted-identity", "remote-party-id", "diversion", "date",
    "allow", "supported", "reason", "server", "session-expires", "min-se", "x-twilio-accountsid",
    "x-twilio-callsid", "x-parent-callsid",
})  # fmt: skip
