"""Ids as the providers make them, from a seeded source: the same story has the same ids."""

import string
from random import Random
from uuid import UUID

LETTERS = string.ascii_letters + string.digits


class Ids:
    """The ids of one call. OpenAI's share a few letters within a session."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._stem = self._letters(3)

    def twilio(self, prefix: str) -> str:
        """A SID: CA, RE, NO, EZ, VW…"""
        return prefix + self.hexadecimal(32)

    def openai(self, prefix: str) -> str:
        """`item_…`, `resp_…` and their like."""
        return f"{prefix}_{self._stem}{self._letters(18)}"

    def hexadecimal(self, digits: int) -> str:
        return f"{self._rng.getrandbits(4 * digits):0{digits}x}"

    def token(self) -> str:
        """The idempotency token of a Twilio request."""
        return str(UUID(int=self._rng.getrandbits(128), version=4))

    def _letters(self, count: int) -> str:
        return "".join(self._rng.choices(LETTERS, k=count))
