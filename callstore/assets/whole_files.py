"""Our modules and sheets as they are served: each whole, with all that it imports inside.

A page then asks for one script and one sheet instead of fifty. Understood is what our own files say, and
nothing more of the language: `import { a, b } from "./c.js";` above all else, `export` before a declaration,
`@import "c.css";`.
"""

import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock, get_ident

from django.contrib.staticfiles.finders import AppDirectoriesFinder
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage
from django.utils._os import safe_join

COMMENT = re.compile(r"^[ \t]*//.*\n", re.MULTILINE)  # a line that is nothing else: a seventh of the weight
IMPORT = re.compile(r'^import \{ ([\w, ]+) \} from "([\w./]+\.js)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async function|function|const|class) (\w+))", re.MULTILINE)
OTHER = re.compile(r"^(?:import|export)\b.*|\bimport[(.].*", re.MULTILINE)
SHEET = re.compile(r'^@import "([\w./]+\.css)";\n', re.MULTILINE)


def whole_script(path: Path) -> str:
    """The module without its comments, behind the modules that it imports, each in a scope of its own.

    Raises ImproperlyConfigured for modules that import each other, or say it in a way not understood here.
    """
    *imported, last = modules(path)
    names = {module: f"module{number}" for number, module in enumerate(imported)}
    scopes = [
        f"const {name} = (() => {{\n{_body(module, names, True)}}})();\n" for module, name in names.items()
    ]
    return "".join(scopes) + _body(last, names, False)


def whole_sheet(path: Path) -> str:
    """The sheet with each that it imports in its place."""
    return SHEET.sub(lambda found: whole_sheet((path.parent / found[1]).resolve()), path.read_text())


def modules(path: Path, above: tuple[Path, ...] = ()) -> list[Path]:
    """Every module that one takes, itself the last, each once and behind what it imports."""
    path = path.resolve()
    if path in above:
        raise ImproperlyConfigured(f"static module {path.name} is imported by what it imports")
    found: dict[Path, None] = {}
    for _, imported in IMPORT.findall(path.read_text()):
        found |= dict.fromkeys(modules(path.parent / imported, (*above, path)))
    return [*found, path]


def _body(module: Path, names: dict[Path, str], gives: bool) -> str:
    def taken(found: re.Match[str]) -> str:
        return f"const {{ {found[1]} }} = {names[(module.parent / found[2]).resolve()]};\n"

    text = IMPORT.sub(taken, COMMENT.sub("", module.read_text()))
    exported, plain = EXPORT.findall(text), EXPORT.sub("", text)
    if other := OTHER.search(plain):
        raise ImproperlyConfigured(f"static module {module.name} says what is not understood: {other[0]}")
    return f"{plain}return {{ {', '.join(exported)} }};\n" if gives else text


class WholeFiles(FileSystemStorage):
    """An app's static files; where one is whole with others, its path is that of what was put together."""

    def path(self, name: str) -> str:
        """Where the file lies as it is served. What is put together is so at each asking: it is a few ms."""
        path = super().path(name)
        whole = {".js": whole_script, ".css": whole_sheet}.get(Path(name).suffix)
        if whole is None or not name.startswith("dashboard/") or not Path(path).is_file():
            return path
        return made(name, whole(Path(path)))


def made(name: str, text: str) -> str:
    """The path of a file of this process that has this text, untouched where it had it before.

    Raises SuspiciousFileOperation for a name that leads out of the folder of these.
    """
    path = Path(safe_join(_folder().name, name))
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text() != text:
        part = path.with_name(f"{path.name}.{get_ident()}")
        part.write_text(text)
        part.replace(path)  # whoever reads it just now has the one or the other
    return str(path)


def _folder() -> TemporaryDirectory[str]:
    """Of this process, and gone with it."""
    with _making:
        return _made_folder()


_making = Lock()  # two threads that ask at once would make two, and the one that nobody keeps is taken away


@cache
def _made_folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="callstore-static-")


class AppFinder(AppDirectoriesFinder):
    """Finds what apps have below `static`."""

    storage_class = WholeFiles
