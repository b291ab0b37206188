"""Finds the folders of the providers."""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from ingest import providers


def folders() -> list[str]:
    """The names of the providers, in the order of the alphabet."""
    return [module.name for module in iter_modules(providers.__path__) if module.ispkg]


def part(folder: str, name: str) -> ModuleType:
    """The module of that name in a provider's folder; its absence is an error that names it."""
    return import_module(f"{providers.__name__}.{folder}.{name}")
