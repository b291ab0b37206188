"""What the page tells the browser to load ahead is what its script imports."""

import re
from pathlib import Path

from django.contrib.staticfiles.finders import find

from dashboard.call.views import MODULES

FOLDER = "dashboard/call"
IMPORT = re.compile(r"""["']\./([\w-]+\.js)["']""")


def imported(name):
    """The modules that a script imports, and those that they import."""
    found, new = set(), {name}
    while new:
        found |= new
        texts = [Path(find(f"{FOLDER}/{each}")).read_text() for each in new]
        new = {each for text in texts for each in IMPORT.findall(text)} - found
    return found - {name}


def test_every_module_that_the_page_imports_is_loaded_ahead_and_no_other():
    assert sorted(MODULES) == sorted(f"{FOLDER}/{name}" for name in imported("main.js"))
