"""Each recipe: its own tests fail before it is followed and pass after, and so do the walls that it names."""

import re

import pytest

from tests.places import ROOT
from tests.recipes.recipe import copy_of_the_tree, follow, lint, recipe, run_tests, section, titles

# Recipe → the walls of the real tests that would say what was forgotten.
WALLS = {
    "A finding": ["tests/test_docs.py", "-k", "finding or no_row"],
    "An event": [
        "tests/test_docs.py",
        "tests/domain/facts/test_codec.py",
        "-k",
        "event or no_row or inverse",
    ],
    "A lane": [],
    "A query key": ["tests/search/test_docs.py"],
    "A setting": ["tests/test_settings.py", "-k", "example_lists"],
}
# A provider changes no file that there is: tests/ingest/providers/test_new_provider.py puts one in place.
TOY = ROOT / "tests" / "toy_provider"


def test_every_recipe_is_followed():
    assert titles() == [*list(WALLS)[:-1], "A provider", "A setting"]


def test_the_toy_provider_is_made_of_the_files_that_its_recipe_lists():
    [folder] = [folder for folder in TOY.iterdir() if (folder / "provider.py").exists()]
    named = re.findall(r"^ *\| `([\w.]+)` \|", section("A provider"), re.M)
    assert {path.name for path in folder.iterdir() if path.is_file()} == {*named, "__init__.py"}


@pytest.mark.parametrize("title", WALLS)
def test_a_recipe_that_is_followed_works(title, tmp_path):
    tree = copy_of_the_tree(tmp_path)
    blocks = recipe(title)
    own = [block.path for block in blocks if block.is_a_test]
    for block in blocks:
        if block.is_a_test:
            follow(block, tree)
    before = run_tests(tree, *own)
    assert before.returncode in (1, 2), f"they do not fail without the recipe:\n{before.stdout}"
    for block in blocks:
        if not block.is_a_test:
            follow(block, tree)
    for chosen in filter(None, (own, WALLS[title])):
        after = run_tests(tree, *chosen)
        assert after.returncode == 0, after.stdout + after.stderr
    lint(tree, {block.path for block in blocks if block.path.endswith(".py")})
