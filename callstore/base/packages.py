"""Where installed packages lie, found without loading them."""

import importlib.util
from pathlib import Path


def package_folder(name: str) -> Path:
    """The folder of a package. Raises ModuleNotFoundError."""
    found = importlib.util.find_spec(name)
    if not found or not found.origin:
        raise ModuleNotFoundError(f"{name} is not installed", name=name)
    return Path(found.origin).parent


# Its templates and scripts are served. As an app it would be loaded by each process, with 15 MB of pydantic.
NINJA = package_folder("ninja")
