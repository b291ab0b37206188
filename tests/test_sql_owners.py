"""Tables have owners: who else wants to know something asks them, and does not write SQL of their tables."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.places import ROOT

ROOMS = ("callstore", "ingest", "dashboard")
READ_MODELS = "call|call_words|call_change|call_sheet|call_sheet_late|trace_ref|neighbour"
SQL_OF_READ_MODELS = (
    rf"\b(FROM|JOIN|INTO|UPDATE|TABLE|ONLY|TRUNCATE|CLUSTER|COPY)\s+((public|rebuild)\.)?({READ_MODELS})\b"
    rf"|\b(public\.({READ_MODELS})|rebuild\.[a-z_])"
)
# What a statement may name, and where such a statement may stand.
OWNED = {
    "the log": (r"(?<![\w.])log\.[a-z_?]|'log'::reg", ("callstore/eventlog/",)),
    "the read models": (SQL_OF_READ_MODELS, ("callstore/projection/", "callstore/search/")),
    "locks": (r"\bpg_\w*advisory\w*", ("callstore/eventlog/db/locks.py",)),
}


def statements(path: Path) -> Iterator[str]:
    """What may be SQL in a file: all of it, or every string of a module that documents nothing."""
    if path.suffix == ".sql":
        yield path.read_text()
        return
    nodes = list(ast.walk(ast.parse(path.read_bytes())))
    templates = [node for node in nodes if isinstance(node, ast.JoinedStr)]
    not_alone = {id(part) for template in templates for part in template.values}
    not_alone |= {id(node.value) for node in nodes if isinstance(node, ast.Expr)}  # documents something
    for template in templates:
        yield "".join(part.value if isinstance(part, ast.Constant) else "?" for part in template.values)
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in not_alone:
            yield node.value


def trespasses(what: str, root: Path) -> list[str]:
    """Every place that names what belongs to another."""
    pattern, owners = OWNED[what]
    return [
        f"{name}: {found[0]}"
        for room in ROOMS
        for path in sorted((root / room).rglob("*"))
        if path.suffix in (".py", ".sql") and not (name := str(path.relative_to(root))).startswith(owners)
        for text in statements(path)
        if (found := re.search(pattern, text))
    ]


@pytest.mark.parametrize("what", OWNED)
def test_nobody_but_their_owners_names_tables_and_locks(what):
    assert trespasses(what, ROOT) == []


@pytest.mark.parametrize(
    ("what", "room", "statement"),
    [
        ("the log", "projection", '"SELECT trace_id FROM log.head"'),
        ("the log", "projection", '"UPDATE log.head SET done = %s" " WHERE trace_id = %s"'),
        ("the log", "projection", 'f"SELECT {columns} FROM log.{table}"'),
        ("the log", "management", '"SELECT log.empty_default()"'),
        ("the log", "health", "\"SELECT relname FROM pg_class WHERE relnamespace = 'log'::regnamespace\""),
        ("the read models", "report", '"SELECT document FROM call WHERE call_id = %s"'),
        ("the read models", "eventlog", '"SELECT trace_id FROM head\\nJOIN trace_ref USING (trace_id)"'),
        ("the read models", "eventlog", 'f"INSERT INTO public.neighbour ({columns}) VALUES (%s)"'),
        ("the read models", "health", '"SELECT count FROM rebuild.swaps"'),
        ("locks", "eventlog/db", '"SELECT pg_try_advisory_lock(%s)"'),
    ],
)
def test_a_statement_about_somebody_elses_table_is_found(tmp_path, what, room, statement):
    path = tmp_path / "callstore" / room / "module.py"
    path.parent.mkdir(parents=True)
    path.write_text(f"SQL = {statement}\n")
    assert len(trespasses(what, tmp_path)) == 1


def test_prose_and_loggers_are_no_statements(tmp_path):
    (tmp_path / "callstore").mkdir()
    source = '"""It follows log.head, FROM call to call."""\nlog.warning("No call of the log. rebuild it.")\n'
    (tmp_path / "callstore/module.py").write_text(source)
    assert [found for what in OWNED for found in trespasses(what, tmp_path)] == []
