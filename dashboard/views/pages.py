"""The page of saved views, what its forms and those of the bar do, and the permalinks."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from callstore.people import saved_views
from callstore.people.saved_views import Known
from callstore.search.errors import QueryError
from dashboard.views import actor, checking, versions
from dashboard.views.state import PARTS, State, permalink

CHANGED = "Somebody changed “{}” since you opened it. This is how it is now; nothing of yours was saved."
NOT_YOURS = "“{}” is not yours to change. Save it as a view of your own."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def views(request: HttpRequest) -> HttpResponse:
    """The views that somebody sees; a POST keeps a new one and opens it."""
    if request.method == "POST":
        return _create(request)
    return render(request, "dashboard/views/page.html", _context(request))


@never_cache
@require_POST
def view(request: HttpRequest, slug: str) -> HttpResponse:
    """Do to a view what the button `do` says, and go back to where the form stood."""
    known = saved_views.find(slug, actor.person(request))
    act = ACTS.get(request.POST.get("do", ""))
    if known is None or act is None:
        raise Http404
    if act is not _star and not known.editable:
        messages.error(request, NOT_YOURS.format(known.view.name))
        return _back(request)
    try:
        messages.success(request, act(request, known))
    except saved_views.Changed:
        messages.error(request, CHANGED.format(known.view.name))
    except (QueryError, checking.PartError) as error:
        messages.error(request, f"Not saved. {error}")
    return _back(request)


def by_permalink(listed: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The list, and before it `?view=slug` alone: the address of all that this view keeps."""

    def opened(request: HttpRequest) -> HttpResponse:
        given = request.GET
        if not given.get("view") or any(name in given for name in (*PARTS, "cursor", "sel")):
            return listed(request)
        known = saved_views.find(given["view"], actor.person(request))
        if known is None:
            messages.error(
                request, "There is no such view, or it is not shared with you. These are all calls."
            )
            return redirect("calls")
        return redirect(State.of_view(known.view).url(known.view.slug))

    return opened


def _create(request: HttpRequest) -> HttpResponse:
    who, sent = actor.person(request), request.POST.dict()
    state = State.of_address(sent)
    try:
        name = checking.name(sent.get("name", ""))
        checking.check(state)
        columns = {**state.columns, "team": sent.get("team") == "on"}
        known = saved_views.create(who, name, columns)
    except (QueryError, checking.PartError) as error:
        messages.error(request, f"Not saved. {error}")
        return _back(request)
    except saved_views.TooMany:
        messages.error(request, f"You keep {saved_views.MOST_OWNED} views already. Delete one first.")
        return _back(request)
    saved_views.star(known.view, who, sent.get("star") == "on")
    messages.success(request, f"Saved as “{name}”.")
    return redirect(permalink(known.view.slug))


def _save(request: HttpRequest, known: Known) -> str:
    state, saved = State.of_address(request.POST.dict()), State.of_view(known.view)
    checking.check(state, saved)
    saved_views.change(known.view, state.columns, versions.of_form(request))
    return f"Saved “{known.view.name}”."


def _rename(request: HttpRequest, known: Known) -> str:
    name = checking.name(request.POST.get("name", ""))
    saved_views.change(known.view, {"name": name}, versions.of_form(request))
    return f"“{known.view.name}” is now “{name}”. Its link stays."


def _share(request: HttpRequest, known: Known) -> str:
    saved_views.change(known.view, {"team": True}, versions.of_form(request))
    return f"Everybody sees “{known.view.name}” now."


def _keep_private(request: HttpRequest, known: Known) -> str:
    saved_views.change(known.view, {"team": False}, versions.of_form(request))
    return f"“{known.view.name}” is private now."


def _delete(request: HttpRequest, known: Known) -> str:
    saved_views.delete(known.view, versions.of_form(request))
    return f"Deleted “{known.view.name}”. The calls stay."


def _star(request: HttpRequest, known: Known) -> str:
    saved_views.star(known.view, actor.person(request), not known.starred)
    return f"{'No longer pinned' if known.starred else 'Pinned'}: “{known.view.name}”."


ACTS = {
    "save": _save,
    "rename": _rename,
    "share": _share,
    "private": _keep_private,
    "delete": _delete,
    "star": _star,
}


def _back(request: HttpRequest) -> HttpResponse:
    there = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(there, None) and there.startswith("/")
    return redirect(there if ours else "views")


def _context(request: HttpRequest) -> dict[str, Any]:
    known = saved_views.visible(actor.person(request))
    return {
        "views": [
            {"known": each, "state": State.of_view(each.view), "url": permalink(each.view.slug)}
            for each in known
        ],
        "here": request.get_full_path(),
    }
