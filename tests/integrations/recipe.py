"""The recipes of docs/integrations: their pages' code as modules, and the files that they copy."""

import importlib.util
import re
import sys
from types import ModuleType

from tests.places import ROOT

FOLDER = ROOT / "docs" / "integrations"
FENCE = re.compile(r"^```python\n# (?P<name>[\w.]+)\n(?P<code>.*?)^```$", re.M | re.S)


def code(page: str, name: str) -> str:
    """The block of a page that says it is the file of this name."""
    [found] = [
        block["code"] for block in FENCE.finditer((FOLDER / page).read_text()) if block["name"] == name
    ]
    return found


def recipe(page: str, name: str) -> ModuleType:
    """That block as a module of its own, run anew at each call."""
    module = ModuleType(name.removesuffix(".py"))
    exec(compile(code(page, name), f"{page}:{name}", "exec"), module.__dict__)
    return module


def copied(name: str) -> ModuleType:
    """A file of the folder, imported as who copied it would."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


for _name in ("callstore_client", "callstore_socket"):
    copied(_name)
