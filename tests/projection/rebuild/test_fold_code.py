"""The name of the code that folds changes with that code, wherever it lies, and with no other."""

from pathlib import Path

import pytest

from callstore.projection.rebuild.fold_code import ROOT, START, fold_code, modules


def write(root: Path, **files: str) -> None:
    """Modules by their names, with `__` between its parts."""
    for name, source in files.items():
        path = root.joinpath(*name.split("__")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(source)


@pytest.fixture
def toy(tmp_path):
    """A fold that judges by rules which it finds in a folder; and a page, which it knows nothing of."""
    judge = "import importlib, pkgutil\nRULES = 'toy.rules'\n\ndef lately():\n    from . import words\n"
    write(
        tmp_path,
        toy__fold="from toy.law import judge\n",
        toy__law__judge=judge,
        toy__law__words="",
        toy__rules__late="",
        toy__page="import toy.fold\n",
    )
    return tmp_path


def name(root: Path) -> str:
    return fold_code("toy.fold", root)


def test_it_is_named_alike_wherever_it_is_installed(toy, tmp_path_factory):
    before = name(toy)
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (toy / "toy").rename(elsewhere / "toy")
    assert name(elsewhere) == before


def test_a_module_that_was_moved_to_another_folder_still_counts(toy):
    before = name(toy)
    (toy / "toy/bench").mkdir()
    (toy / "toy/bench/__init__.py").touch()
    for module in ("judge", "words"):
        (toy / f"toy/law/{module}.py").rename(toy / f"toy/bench/{module}.py")
    write(toy, toy__fold="from toy.bench import judge\n")
    moved = name(toy)
    with (toy / "toy/bench/judge.py").open("a") as file:
        file.write("#")
    assert len({before, moved, name(toy)}) == 3


@pytest.mark.parametrize(
    "module", ["__init__", "fold", "law/__init__", "law/judge", "law/words", "rules/late", "rules/new"]
)
def test_a_change_in_what_the_fold_imports_changes_the_name(toy, module):
    before = name(toy)
    with (toy / f"toy/{module}.py").open("a") as file:
        file.write("#")
    assert name(toy) != before


def test_a_change_in_what_the_fold_does_not_import_changes_nothing(toy):
    before = name(toy)
    write(toy, toy__page="import toy.fold, toy.law\n", toy__law__appeal="", other__thing="")
    assert name(toy) == before


def test_another_package_beside_it_does_not_count(toy):
    before = name(toy)
    with (toy / "toy/fold.py").open("a") as file:
        file.write("import framework\n")
    imported = name(toy)
    write(toy, framework__core="")
    assert before != imported == name(toy)


def test_what_makes_a_row_counts_and_what_shows_it_does_not():
    found = modules(START, ROOT)
    rooms = {path.relative_to(ROOT).parts[1] for path in found.values()}
    assert rooms >= {"domain", "eventlog", "findings", "projection", "report", "requests", "verdict"}
    assert rooms.isdisjoint({"local", "rehearsal", "health", "management"})
    assert {module.partition(".")[0] for module in found} == {"callstore"}
    rules = {path.stem for path in (ROOT / "callstore/findings/rules").glob("*.py")} - {"__init__"}
    assert {f"callstore.findings.rules.{rule}" for rule in rules} <= found.keys()
    assert {"callstore.projection.models", "callstore.eventlog.reading.bulk", START} <= found.keys()
    assert "callstore.projection.relay" not in found


def test_a_room_of_the_real_tree_may_be_moved_and_is_not_missed(tmp_path):
    for path in modules(START, ROOT).values():
        copy = tmp_path / str(path.relative_to(ROOT)).replace("/verdict/", "/judgement/")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text().replace("callstore.verdict", "callstore.judgement"))
    moved = fold_code(root=tmp_path)
    with (tmp_path / "callstore/judgement/verdict.py").open("a") as file:
        file.write("#")
    assert fold_code(root=tmp_path) != moved != fold_code()
