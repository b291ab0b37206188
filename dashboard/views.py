"""The pages: the list of calls."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_required
def calls(request: HttpRequest) -> HttpResponse:
    """The list of calls."""
    return render(request, "dashboard/calls.html")
