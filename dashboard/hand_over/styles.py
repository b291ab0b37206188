"""Our own stylesheets as text, for files that stand alone."""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "static" / "dashboard" / "hand_over"


@cache
def style(*names: str) -> str:
    """The rules of stylesheets of this room, one after the other."""
    return "\n".join((FOLDER / f"{name}.css").read_text() for name in names)
