"""What every provider promises, proved by the examples in its folder."""

import json
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings

from callstore.domain.facts.events import Unrecognised
from callstore.health.refusals import NO_PROOF
from callstore.rehearsal.scenarios.scenario import load
from ingest.providers.delivery import Delivery
from ingest.providers.folders import part
from ingest.providers.provider import NotConfigured, Refused, configured, discovered, normalise


class Example(NamedTuple):
    """A delivery as it came, unsigned, and the types of the facts that it brings."""

    name: str
    delivery: Delivery
    facts: list[str]

    @property
    def is_understood(self):
        return Unrecognised.TYPE not in self.facts


def folder(name):
    return Path(part(name, "provider").__file__).parent


def examples(name):
    """Those of a provider."""
    file = folder(name) / "examples.jsonl"
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    return [
        Example(name, delivery, line["facts"])
        for delivery, line in zip(load(file).deliveries, lines, strict=True)
    ]


def secret(example):
    provider = discovered()[example.name]
    return provider.secret(example.delivery, configured(provider.setting))


def signed(example, with_=None):
    """The delivery of an example as its provider would send it."""
    sign = discovered()[example.name].sign
    return sign(example.delivery, secret=with_ or secret(example), base_url=settings.PUBLIC_BASE_URL)


def refused(example, delivery):
    with pytest.raises(Refused) as refusal:
        discovered()[example.name].verify(delivery)
    return str(refusal.value)


def a_signed_delivery_is_accepted(example):
    discovered()[example.name].verify(signed(example))


def an_unsigned_delivery_is_refused(example):
    assert refused(example, example.delivery).startswith(NO_PROOF), "a stranger's, and no fault of the set-up"


def a_delivery_signed_with_another_secret_is_refused(example):
    refused(example, signed(example, with_="bm90IG91cnM="))


def one_flipped_bit_is_refused_where_the_proof_covers_the_body(example):
    delivery = signed(example)
    body = bytearray(delivery.body)
    body[len(body) // 2] ^= 1
    if discovered()[example.name].covers_body:
        refused(example, replace(delivery, body=bytes(body)))


def nothing_is_accepted_before_a_secret_is_set(example):
    setting, delivery = discovered()[example.name].setting, signed(example)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, setting.name, setting.read(""))
        refused(example, delivery)
        with pytest.raises(NotConfigured):
            discovered()[example.name].secret(replace(delivery, body=b""), configured(setting))


def a_repeat_has_the_same_keys_and_facts(example):
    first, again = normalise(signed(example)), normalise(signed(example))
    assert [(d.subject, d.key, d.fingerprint, d.event) for d in first] == [
        (d.subject, d.key, d.fingerprint, d.event) for d in again
    ]


def it_brings_the_facts_that_it_says(example):
    assert [draft.event.TYPE for draft in normalise(example.delivery)] == example.facts


def what_is_unknown_is_kept_as_it_came(example):
    drafts = normalise(example.delivery)
    assert all(draft.raw or not example.delivery.body for draft in drafts)


PROOF = [
    a_signed_delivery_is_accepted,
    an_unsigned_delivery_is_refused,
    a_delivery_signed_with_another_secret_is_refused,
    one_flipped_bit_is_refused_where_the_proof_covers_the_body,
    nothing_is_accepted_before_a_secret_is_set,
]
FACTS = [
    it_brings_the_facts_that_it_says,
    a_repeat_has_the_same_keys_and_facts,
    what_is_unknown_is_kept_as_it_came,
]


def promises(name):
    """(promise, example) of a provider. Whose delivery is not understood may lack what a proof needs."""
    return [
        (promise, example)
        for example in examples(name)
        for promise in ([*PROOF, *FACTS] if example.is_understood else FACTS)
    ]


def it_has_examples_of_both_kinds_and_says_how_to_set_it_up(name):
    understood = {example.is_understood for example in examples(name)}
    text = (folder(name) / "doc.md").read_text()
    assert understood == {True, False}
    assert discovered()[name].setting.name in text
    assert f"/hooks/{name}/" in text
