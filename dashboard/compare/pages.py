"""The page of two calls side by side."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.call.related import comparable_calls, related_calls
from dashboard.call.stances import SAYS
from dashboard.compare import choice, drawing
from dashboard.compare.alignment import WORDS
from dashboard.compare.comparison import Check, Comparison, Setting, comparison


@never_cache
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Two calls at `?a=&b=`, by any of their ids; without b the last natural end of the agent's version."""
    ids = {side: request.GET.get(side, "").strip() for side in ("a", "b")}
    shown: dict[str, object] = {"ids": ids}
    status, a = 200, None
    try:
        a = choice.first(ids["a"])
        shown |= {"groups": related_calls(a), "a_id": a["call_id"]}
        both = choice.chosen(a, ids["b"])
        shown |= _shown(comparison(both.a, both.b), both)
    except choice.NoCall as error:
        shown |= {"wrong": str(error), "side": error.side, "offered": a and comparable_calls(a)}
        status = 404 if ids[error.side] else 200
    return render(request, "dashboard/compare/page.html", shown, status=status)


def _shown(compared: Comparison, both: choice.Choice) -> dict[str, object]:
    told = drawing.told(compared)
    return {
        "compared": compared,
        "both": both,
        "sides": [
            {"letter": letter, "side": side, "aligned_by": WORDS[side["aligned_by"]]}
            for letter, side in (("A", compared["a"]), ("B", compared["b"]))
        ],
        "lanes": drawing.drawn(compared),
        "row": drawing.ROW,
        "ticks": drawing.ticks(compared),
        "told": told,
        "untold": sum(len(lane["a"]) + len(lane["b"]) for lane in compared["lanes"]) - len(told),
        "settings": sorted(compared["settings"], key=_order),
        "differ": sum(setting["differs"] for setting in compared["settings"]),
        "numbers": [each for each in compared["numbers"] if each["a"] is not None or each["b"] is not None],
        "evidence": [_looks(check) for check in compared["evidence"]],
    }


def _order(setting: Setting) -> tuple[bool, bool]:
    """What differs first, what nobody knows last."""
    return not setting["differs"], setting["a"] is None and setting["b"] is None


def _looks(check: Check) -> dict[str, object]:
    answers = [
        {"finding": answer["finding"], "look": SAYS[answer["says"]]} if answer else None
        for answer in (check["a"], check["b"])
    ]
    said = {answer["says"] if answer else None for answer in (check["a"], check["b"])}
    return {"check": check["check"], "answers": answers, "differs": len(said) > 1}
