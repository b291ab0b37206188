"""What a provider is, and how the folders under ingest/providers/ are found."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol

from callstore.domain.facts.record import Draft
from ingest import providers
from ingest.dialects.parsed import ParsedDelivery
from ingest.providers.delivery import Delivery


class Refused(Exception):
    """The delivery is not from whom it says. The message is a short reason, counted per day."""


class NotConfigured(Exception):
    """The secret that a signature would need is not set."""


class Sign(Protocol):
    """Makes the delivery one that `verify` accepts; `base_url` is the instance's PUBLIC_BASE_URL."""

    def __call__(self, delivery: Delivery, *, secret: str, base_url: str) -> Delivery: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One way in.

    `verify` raises Refused; `read` never raises for what a sender wrote; `secret` picks, of the
    setting's values, the one that the delivery must be signed with, or raises NotConfigured.
    """

    name: str
    setting: str
    verify: Callable[[Delivery], None]
    read: Callable[[Delivery], ParsedDelivery]
    sign: Sign
    secret: Callable[[Delivery, list[str]], str]
    answers_with_counts: bool = field(default=False)


@cache
def discovered() -> dict[str, Provider]:
    """Every provider by its name, found by scanning the folder."""
    found = [
        import_module(f"{providers.__name__}.{module.name}").provider
        for module in iter_modules(providers.__path__)
        if module.ispkg
    ]
    return {provider.name: provider for provider in found}


def normalise(delivery: Delivery) -> list[Draft]:
    """The facts of a delivery, whoever sent it: nothing is verified and nothing is stored."""
    return discovered()[delivery.door].read(delivery).drafts
