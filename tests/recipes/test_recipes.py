"""Each recipe: its own tests fail before it is followed and pass after, and so do the walls that it names."""

import pytest

from tests.recipes.recipe import copy_of_the_tree, follow, lint, recipe, run_tests, titles

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
}


def test_every_recipe_is_followed():
    assert titles() == list(WALLS)


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
