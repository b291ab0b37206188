"""What a provider is, and all that there are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Generic, Protocol, TypeVar

from django.conf import settings

from callstore.domain.facts.record import AUDIO, OPERATOR, Draft
from ingest.dialects.parsed import ParsedDelivery
from ingest.providers.delivery import Delivery
from ingest.providers.folders import folders, part
from ingest.providers.setting import Setting

Secrets = TypeVar("Secrets")


class Refused(Exception):
    """The delivery is not from whom it says. The message is a short reason, one of a few, counted per day.

    It begins with "no " where no proof was given at all: then it is a stranger's, and nobody is alarmed.

    `seen` is for the log of whoever runs this: what was compared, without a secret and nothing personal.
    `looks_like` is one word for in what it differs from a delivery that would have been taken, where that was
    found: it is counted apart.
    """

    def __init__(self, reason: str, *, seen: str = "", looks_like: str = "") -> None:
        super().__init__(reason)
        self.seen = seen
        self.looks_like = looks_like


class NotConfigured(Exception):
    """The secret that a signature would need is not set."""


class Sign(Protocol):
    """Makes the delivery one that `verify` accepts; `base_url` is the instance's PUBLIC_BASE_URL."""

    def __call__(self, delivery: Delivery, *, secret: str, base_url: str) -> Delivery: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider(Generic[Secrets]):
    """One way in: the door `/hooks/<name of its folder>/`, and any path below it where `any_path` says so.

    `verify` raises Refused, and `verify_headers` too where no body could make the delivery pass: the body is
    then not even read. `covers_body` says whether the proof is of the body too, or of the sender alone.
    `read` never raises for what a sender wrote. `secret` picks, of the setting's value, the one that the
    delivery must be signed with, or raises NotConfigured. `remedies` says by a refusal's reason what its
    cause mostly is; {PUBLIC_BASE_URL} in it is that setting. `harmless` makes, of a run's name, the largest
    delivery that a proxy must let through and that is read as `smoke.tested`, of no call; it raises
    NotConfigured.
    """

    setting: Setting[Secrets]
    verify: Callable[[Delivery], None]
    read: Callable[[Delivery], ParsedDelivery]
    sign: Sign
    secret: Callable[[Delivery, Secrets], str]
    verify_headers: Callable[[Delivery], None] = lambda bare: None
    remedies: Mapping[str, str] = field(default_factory=dict)
    harmless: Callable[[str], Delivery] | None = None
    any_path: bool = False
    covers_body: bool = True
    answers_with_counts: bool = False


@cache
def discovered() -> dict[str, Provider[Any]]:
    """Every provider by its name, found by scanning. Raises ValueError for a folder whose name is taken."""
    found = {folder: part(folder, "provider").provider for folder in folders()}
    if taken := found.keys() & {AUDIO, OPERATOR}:
        raise ValueError(f"a provider cannot be named {min(taken)}: facts of our own have that source")
    return found


def configured(setting: Setting[Secrets]) -> Secrets:
    """The value of a provider's setting in this process."""
    value: Secrets = getattr(settings, setting.name)
    return value


def first(setting: Setting[Any], secrets: Sequence[str]) -> str:
    """The first of a provider's secrets. Raises NotConfigured where there is none."""
    if not secrets:
        raise NotConfigured(f"{setting.name} is not set")
    return secrets[0]


def normalise(delivery: Delivery) -> list[Draft]:
    """The facts of a delivery, whoever sent it: nothing is verified and nothing is stored."""
    return discovered()[delivery.door].read(delivery).drafts
