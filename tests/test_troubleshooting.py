"""Each symptom of docs/troubleshooting.md is what the product really says."""

import ast
import re

import pytest

from tests.places import ROOT

PAGE = (ROOT / "docs" / "troubleshooting.md").read_text()
CELLS = re.findall(r"^\| (?!symptom|---)(.*?) \| ", PAGE, re.M)
# `…` in code, or, around a ` of its own, up to the end that a blank or the cell gives.
SAID = [
    said
    for cell in CELLS
    for said in re.findall(r"`((?:[^`]|`(?:up|watch|manage\.py prepare)`)+)`(?= |$)", cell)
    if not re.fullmatch(r"/\w+|up|\w+", said)
]
HOLE = "\0"


def strings(tree: ast.AST) -> list[str]:
    """Every text of a module, with a hole where it puts something in."""
    return [
        "".join(
            part.value if isinstance(part, ast.Constant) else HOLE
            for part in (node.values if isinstance(node, ast.JoinedStr) else [node])
        )
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
    ]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    houses = ("callstore", "ingest", "dashboard")
    found = [
        re.sub(r"%[sd]|\{\}", HOLE, text)
        for house in houses
        for path in (ROOT / house).rglob("*.py")
        for text in strings(ast.parse(path.read_text()))
    ]
    return found + [path.read_text() for house in houses for path in (ROOT / house).rglob("*.html")]


def test_there_are_symptoms():
    assert len(CELLS) > 50 and len(SAID) > 50


@pytest.mark.parametrize("said", SAID)
def test_a_symptom_is_in_the_words_of_the_product(said, texts):
    pieces = [piece.strip() for piece in said.split("…") if piece.strip()]
    in_order = re.compile(r"[\s\S]*?".join(map(re.escape, pieces)))
    assert any(in_order.search(text) for text in texts), f"nothing prints {said!r}"
