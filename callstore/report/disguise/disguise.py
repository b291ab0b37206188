"""Two disguises: made-up numbers and ids for a call that is to be sent again, and marks for people who read.

Both put the same in the place of the same, wherever it stands.
"""

import hashlib
import hmac
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence

from callstore.report.disguise.ids import another

# Numbers of nobody: E.164 has no country 999.
NOWHERE = "999"
# The account by which a made-up call can be signed: that of the demo, which every installation knows.
ACCOUNT = "AC3f9d2c7a1b8e4056a7d1c0ffee202604"
PROVIDERS = ("openai.com", "twilio.com", "twilio.io")
NOT_ADDRESSES = ("0.0.0.0", "localhost")
KEPT = frozenset({"P", "Z", "C"})  # Unicode categories: what parts words, and is none


def masked(text: str) -> str:
    """Words without what they say: each letter is an x, each digit a 0; spaces and punctuation stay."""
    return "".join(
        letter if unicodedata.category(letter)[0] in KEPT else "0" if letter.isdigit() else "x"
        for letter in text
    )


class Disguise(ABC):
    """What is put in the place of a number, of pressed keys, of a name, of a host and of an id."""

    @abstractmethod
    def number(self, written: str) -> str:
        """Of a telephone number, with its + or without."""

    @abstractmethod
    def keys(self, pressed: str) -> str:
        """Of keys that a caller pressed. A single one is a choice in a menu, and stays."""

    @abstractmethod
    def name(self, written: str) -> str:
        """Of the name of a person, of a conference or of a SIP user."""

    @abstractmethod
    def host(self, written: str) -> str:
        """Of a host that is no provider's."""

    @abstractmethod
    def id(self, written: str, prefix: str) -> str:
        """Of an id, its prefix kept."""


class Fake(Disguise):
    """Made-up ones of the same shape, so that doors, joins and rules take them as they took the true ones.

    `secret` decides them: who has it not learns no number by trying all.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def number(self, written: str) -> str:
        plus, digits = ("+", written[1:]) if written.startswith("+") else ("", written)
        front = NOWHERE if len(digits) > 2 * len(NOWHERE) else ""
        return plus + front + self._digits("number", digits, len(digits) - len(front))

    def keys(self, pressed: str) -> str:
        if len(pressed) == 1 or not any(map(str.isdigit, pressed)):
            return pressed
        return self._digits("keys", pressed, len(pressed))

    def name(self, written: str) -> str:
        return f"name-{self._hex('name', written)[:10]}"

    def host(self, written: str) -> str:
        return f"h{self._hex('host', written.lower())[:8]}.example.invalid"

    def id(self, written: str, prefix: str) -> str:
        if prefix == "AC":
            return ACCOUNT
        drawn = self._drawn(written)

        def choose(letters: Sequence[str]) -> str:
            return letters[next(drawn) % len(letters)]

        return another(written, prefix, choose)

    def _digits(self, kind: str, written: str, count: int) -> str:
        return str(int(self._hex(kind, written), 16))[-count:].zfill(count) if count else ""

    def _hex(self, kind: str, written: str) -> str:
        return hmac.digest(self._secret, f"{kind}:{written}".encode(errors="replace"), hashlib.sha256).hex()

    def _drawn(self, written: str) -> Iterator[int]:
        block = 0
        while True:
            yield from bytes.fromhex(self._hex(f"id{block}", written))
            block += 1


class Hidden(Disguise):
    """Marks in their place, numbered as they are met. Ids and hosts stay, for providers."""

    def __init__(self) -> None:
        self._met: dict[str, dict[str, int]] = {}

    def number(self, written: str) -> str:
        return self._mark("number", written.lstrip("+"))

    def keys(self, pressed: str) -> str:
        return pressed if len(pressed) == 1 else "*" * len(pressed)

    def name(self, written: str) -> str:
        return self._mark("name", written)

    def host(self, written: str) -> str:
        return written

    def id(self, written: str, prefix: str) -> str:
        return written

    def _mark(self, kind: str, written: str) -> str:
        met = self._met.setdefault(kind, {})
        return f"[{kind} {met.setdefault(written, len(met) + 1)}]"
