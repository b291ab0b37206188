"""The name of the code that folds: what other code began to rebuild cannot be gone on with.

Derived from imports, so that it stays true wherever a module is moved to.
"""

import ast
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

START = "callstore.projection.rebuild.fill"  # imports the projector, and so all that a fold is made of
ROOT = Path(__file__).parents[3]
DOTTED = re.compile(r"[A-Za-z_]\w*(\.\w+)+")


def fold_code(start: str = START, root: Path = ROOT) -> str:
    """A digest of the module `start` and of all of its package that it imports, itself or by others."""
    digest = hashlib.sha256()
    for name, path in sorted(modules(start, root).items()):
        source = path.read_bytes()
        digest.update(f"{name} {len(source)}\n".encode())
        digest.update(source)
    return digest.hexdigest()


def modules(start: str, root: Path) -> dict[str, Path]:
    """The files of these modules, by name."""
    found: dict[str, Path] = {}
    house = start.partition(".")[0]  # beside an installed one all the world's packages lie under `root`
    todo = [start]
    while todo:
        name = todo.pop()
        if name.partition(".")[0] == house and name not in found and (path := _file(name, root)):
            found[name] = path
            above = name.rpartition(".")[0]
            package = name if path.name == "__init__.py" else above
            todo += [above, *_imported(ast.parse(path.read_bytes()), package, root)]
    return found


def _file(name: str, root: Path) -> Path | None:
    path = root.joinpath(*name.split("."))
    files = (path.with_suffix(".py"), path / "__init__.py")
    return next((file for file in files if file.is_file()), None) if name else None


def _imported(source: ast.AST, package: str, root: Path) -> Iterator[str]:
    """Every name that a module of `package` imports, as a statement or in a string; some are no modules."""
    for node in ast.walk(source):
        match node:
            case ast.Import(names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module, names, level):
                base = package.split(".")[: -level + 1 or None] if level else []
                origin = ".".join([*base, *([module] if module else [])])
                yield from (origin, *(f"{origin}.{alias.name}" for alias in names))
            case ast.Constant(str(text)) if DOTTED.fullmatch(text):
                # A module by its name in a string is imported at run time, a package for all that lies in it.
                yield from (text, *_within(text, root))


def _within(package: str, root: Path) -> Iterator[str]:
    folder = root.joinpath(*package.split("."))
    for path in (*folder.glob("*.py"), *folder.glob("*/__init__.py")):
        yield f"{package}.{path.parent.name if path.name == '__init__.py' else path.stem}"
