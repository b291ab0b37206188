"""Third-party scripts that are served but never committed: found where a package left them."""

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder, find
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from callstore.assets.whole_files import made
from callstore.base.environment import package_folder
from callstore.base.seldom import Seldom

log = logging.getLogger(__name__)


# To V8: compile all of it while it arrives, in a thread of its own; else the page's compiles each function as
# it is called. Other browsers read a comment. https://v8.dev/blog/explicit-compile-hints, docs/adr/0032
COMPILE_ALL = "//# allFunctionsCalledOnLoad\n"


def plotly() -> str:
    """Plotly's basic bundle where npm has put it (395 KB gzipped), else the wheel's whole one (1,476 KB)."""
    basic = Path(settings.BASE_DIR) / "node_modules/plotly.js-basic-dist-min/plotly-basic.min.js"
    if basic.exists():
        return made("vendor/plotly.min.js", COMPILE_ALL + basic.read_text())
    return str(package_folder("plotly") / "package_data" / "plotly.min.js")


VENDORED = {"plotly.min.js": plotly}

_seldom = Seldom()


class HashedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Names with a hash, which may be kept for ever."""

    def stored_name(self, name: str) -> str:
        """The name with a hash; the plain one of a file that was not collected.

        A page without its looks, one that tells an error above all, still says what it has to say. Raises
        ValueError where there is no such file at all.
        """
        try:
            stored: str = super().stored_name(name)
        except ValueError:
            if find(name) is None:
                raise
            if _seldom.due("not collected"):
                log.error(
                    "static file %s was not collected: run `manage.py prepare`, and start web anew", name
                )
            return name
        return stored


class VendorStorage(FileSystemStorage):
    """The files of VENDORED under their own names, wherever they lie."""

    prefix = "vendor"

    def path(self, name: str) -> str:
        return VENDORED[name]()


class VendorFinder(BaseFinder):
    """Finds `vendor/<name>` for every name in VENDORED."""

    storage = VendorStorage()

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The file of this path, or an empty list; with `find_all` a list of one."""
        prefix, _, name = path.partition("/")
        if prefix != VendorStorage.prefix or name not in VENDORED:
            return []
        found = self.storage.path(name)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, VendorStorage]]:
        """Every name, with the storage that opens it."""
        for name in VENDORED:
            yield name, self.storage
