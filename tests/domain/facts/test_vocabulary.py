"""Each list of words is written once; this test reads the source to see that nobody keeps a copy."""

import ast
from collections.abc import Iterator
from typing import Literal, get_args, get_origin

import pytest

from callstore.domain.facts import vocabulary
from callstore.domain.facts.vocabulary import (
    CALL_FLAGS,
    CAUSES,
    FLAGS,
    LEADS_TO,
    STATUSES,
    TERMINAL,
    VERDICTS,
)
from tests.places import ROOT

COUNTED = 3  # fewer words stand together by chance
LISTS = {
    frozenset(words): name
    for name, alias in vars(vocabulary).items()
    if get_origin(alias) is Literal and len(words := get_args(alias)) >= COUNTED
} | {frozenset(STATUSES): "STATUSES"}
SOURCES = sorted(
    path for folder in ("callstore", "dashboard", "ingest") for path in (ROOT / folder).rglob("*.py")
)


def copies(source: str) -> Iterator[str]:
    """The lists of a module, as literal type, tuple, list or set, that the vocabulary has."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            words = [item.value for item in node.elts if isinstance(item, ast.Constant)]
            if len(words) == len(node.elts) and frozenset(words) in LISTS:
                yield f"line {node.lineno}: {LISTS[frozenset(words)]}"


def test_no_module_keeps_a_copy_of_a_list():
    found = {str(path.relative_to(ROOT)): list(copies(path.read_text())) for path in SOURCES}
    del found["callstore/domain/facts/vocabulary.py"]
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "copy",
    [
        'Actor = Literal["ai", "caller", "app", "twilio", "unknown"]',
        'LEVELS = ("low", "medium", "high")',
        'OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})',
    ],
)
def test_a_copy_is_noticed_in_whatever_order(copy):
    assert len(list(copies(copy))) == 1


def test_every_cause_leads_to_a_verdict_and_every_verdict_about_an_end_has_a_cause():
    assert tuple(LEADS_TO) == CAUSES
    assert set(LEADS_TO.values()) == set(VERDICTS) - {"live", "inconclusive"}


def test_flags_of_the_call_are_flags_and_final_statuses_are_statuses():
    assert FLAGS[: len(CALL_FLAGS)] == CALL_FLAGS
    assert set(STATUSES) > TERMINAL
