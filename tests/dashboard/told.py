"""The recorded calls as documents, for tests of how a call is shown."""

from copy import deepcopy
from functools import cache

from callstore.rehearsal.evaluation.evaluate import evaluate
from callstore.rehearsal.scenarios.scenario import LIBRARY

NAMES = sorted(folder.name for folder in LIBRARY.iterdir() if (folder / "scenario.json").is_file())


def told(name):
    """The document of a recorded call, its recording analysed; a copy that a test may change."""
    return deepcopy(_told(name))


@cache
def _told(name):
    return evaluate(LIBRARY / name).document
