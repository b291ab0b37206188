"""A comparison as readers are shown it, on the page and by the API."""

from dashboard.compare.choice import Choice
from dashboard.compare.comparison import Comparison, comparison
from dashboard.export.masking import masked


def shown(both: Choice) -> Comparison:
    """Two calls side by side, the number called masked once the two were compared.

    A whole number is shown only where it was asked for, and entered in the audit.
    """
    compared = comparison(both.a, both.b)
    for each in compared["settings"]:
        each["a"], each["b"] = (masked(value, each["name"]) for value in (each["a"], each["b"]))
    return compared
