"""What is served as static files in production: modules find each other by hashed names."""

import re
from pathlib import Path

from django.contrib.staticfiles.finders import find
from django.core.management import call_command


def test_a_module_imports_its_neighbours_by_their_hashed_names(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "callstore.base.assets.HashedStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    (main,) = (tmp_path / "dashboard/call").glob("main.????????????.js")
    imported = re.findall(r'from "(\.{1,2}/[a-z_/]+\.[0-9a-f]{12}\.js)"', main.read_text())
    assert len(imported) == main.read_text().count("import {")
    assert all((main.parent / name).is_file() for name in imported)
    # Nobody who opens a page pays for what is told to who reads the source.
    for module in (tmp_path / "dashboard").rglob("*.js"):
        source = Path(find(str(module.relative_to(tmp_path)).replace(hash_of(module), "")))
        lines = source.read_text().splitlines()
        told = [line for line in lines if line.lstrip().startswith("//")]
        assert len(module.read_text().splitlines()) == len(lines) - len(told), module.name


def hash_of(path):
    found = re.search(r"\.[0-9a-f]{12}(?=\.js$)", path.name)
    return found[0] if found else "no hash"


def test_plotly_is_served_from_where_a_package_left_it(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0)
    assert (tmp_path / "vendor/plotly.min.js").stat().st_size > 1_000_000
