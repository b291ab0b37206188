"""Third-party scripts that are served but never committed: found where a package left them."""

import logging
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder, find
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from callstore.base.packages import package_folder
from callstore.base.seldom import Seldom

log = logging.getLogger(__name__)


def plotly() -> Path:
    """Plotly's basic bundle where npm has put it (395 KB gzipped), else the wheel's whole one (1,476 KB)."""
    basic = Path(settings.BASE_DIR) / "node_modules/plotly.js-basic-dist-min/plotly-basic.min.js"
    if basic.exists():
        return basic
    return package_folder("plotly") / "package_data" / "plotly.min.js"


VENDORED = {"plotly.min.js": plotly}


# Private, but what `support_js_module_import_aggregation` itself adds; test_assets tells when it has moved.
IMPORTS = ManifestStaticFilesStorage._js_module_import_aggregation_patterns  # type: ignore[attr-defined]


COMMENT = re.compile(rb"^[ \t]*//.*\n", re.MULTILINE)  # a line that is nothing else

_seldom = Seldom()


def as_served(name: str, content: bytes) -> bytes:
    """A static file as it is collected: our modules without their comments, a seventh of their weight."""
    ours = name.startswith("dashboard/") and name.endswith(".js")
    return COMMENT.sub(b"", content) if ours else content


class HashedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Names with a hash, inside our own modules too: an import by plain name could be a stale file.

    Only ours: Django's setting for it reads the examples in other packages' comments as imports.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("dashboard/*.js", IMPORTS[1]),
    )

    def _save(self, name: str, content: "File[bytes]") -> str:
        content.seek(0)
        saved: str = super()._save(name, ContentFile(as_served(name, content.read())))
        return saved

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
        return str(VENDORED[name]())


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
