"""What lies on a lane: a stretch or a moment, in seconds from the call's start, with where it was read."""

from collections.abc import Iterable
from typing import Literal, TypeAlias, TypedDict, TypeGuard, TypeVar

from callstore.report.document import Report
from callstore.report.document_parts import Placed

AnyMoment = TypeVar("AnyMoment", bound=Placed)
Style: TypeAlias = Literal["solid", "hatch", "dotted"]
Kind: TypeAlias = Literal["state", "moment", "end", "speech", "words", "gap"]


class Mark(TypedDict):
    """One mark. `end_s` is None for a moment.

    `style`: solid was observed, hatch is inferred or silent, dotted was expected and is missing.
    `role` names its colour. `start_s` is the best guess of its beginning, right to `uncertainty_s` either
    way: a stamp in whole seconds is laid in the middle of its second.
    """

    id: str
    lane: str
    kind: Kind
    role: str
    style: Style
    label: str
    detail: str | None
    start_s: float
    end_s: float | None
    uncertainty_s: float
    suspicious: bool
    positions: list[int]


def mark(
    lane: str,
    kind: Kind,
    label: str,
    start_s: float,
    end_s: float | None = None,
    *,
    role: str,
    style: Style = "solid",
    detail: str | None = None,
    uncertainty_s: float = 0.0,
    suspicious: bool = False,
    positions: Iterable[int] = (),
) -> Mark:
    """A mark without its id, which its place on the lane gives."""
    return {
        "id": "",
        "lane": lane,
        "kind": kind,
        "role": role,
        "style": style,
        "label": label,
        "detail": detail,
        "start_s": round(start_s, 3),
        "end_s": None if end_s is None else round(end_s, 3),
        "uncertainty_s": uncertainty_s,
        "suspicious": suspicious,
        "positions": list(positions),
    }


def middle(moment: Placed) -> float:
    """The best single guess of a moment that is placed. Raises ValueError for one that is not."""
    if (at := moment["at_s"]) is None:
        raise ValueError("This moment lies on no axis.")
    return round(at + uncertainty(moment), 3)


def uncertainty(moment: Placed) -> float:
    """How far, in seconds, a moment may lie from its middle; a millisecond is none."""
    precision = moment["precision_ms"] or 0
    return precision / 2000 if precision > 1 else 0.0


def placed(moment: AnyMoment | None) -> TypeGuard[AnyMoment]:
    """Whether this moment of the document was seen and lies on the axis."""
    return moment is not None and moment.get("at_s") is not None


def has_finding(document: Report, *slugs: str) -> bool:
    """Whether one of these findings was made."""
    return any(finding["slug"] in slugs for finding in document.get("findings") or ())
