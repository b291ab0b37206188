"""The login page."""

import threading
from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse

from callstore.people.address import client_address
from dashboard.login import throttle

# A password costs half a second of a core, which the doors need too.
HASHES_AT_ONCE = 2
WAITING = 2  # for their turn: each holds a thread that pages need, too
PATIENCE_S = 1.0
RETRY_AFTER_S = 3
WORDS = {"username": "user name", "password": "password"}

_hashing = threading.BoundedSemaphore(HASHES_AT_ONCE)
_inside = threading.BoundedSemaphore(HASHES_AT_ONCE + WAITING)


class Login(LoginView):
    """Asks for name and password, and looks at the password only where its turn has come.

    429 with Retry-After for who failed too often, and where too many try at once: before any hash, and by no
    status of 500 or above, each of which Django would write into the log.
    """

    template_name = "dashboard/login.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        who = (request.POST.get("username", ""), client_address(request.META, settings.TRUSTED_PROXIES))
        if seconds := throttle.begin(*who):
            return self._later(seconds, f"Too many attempts. Try again in {seconds} s.")
        answer = self._in_turn(request, *args, **kwargs)
        if answer is None:
            throttle.take_back(*who)
            return self._later(RETRY_AFTER_S, "Too many people are logging in. Try again in a moment.")
        if request.user.is_authenticated:
            throttle.take_back(*who)
        return answer

    def _in_turn(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse | None:
        """Django's answer, or None where there was no turn in time."""
        if not _inside.acquire(blocking=False):
            return None
        try:
            if not _hashing.acquire(timeout=PATIENCE_S):
                return None
            try:
                return super().post(request, *args, **kwargs)
            finally:
                _hashing.release()
        finally:
            _inside.release()

    def get_context_data(self, **known: Any) -> dict[str, Any]:
        """What is wrong, and at which of the two fields: both, where nobody may learn which of them it is."""
        context = super().get_context_data(**known)
        errors = context["form"].errors
        empty = [field for field in WORDS if field in errors]
        if empty:
            context["wrong"] = f"Enter your {' and your '.join(WORDS[field] for field in empty)}."
        elif errors:
            context["wrong"] = "The user name or the password is not right. Capitals count in both."
        context["oidc"] = bool(settings.OIDC_ISSUER)
        return {**context, "wrong_at": " ".join(empty or (WORDS if errors else ()))}

    def _later(self, seconds: int, said: str) -> HttpResponse:
        form = self.get_form_class()(self.request, initial=self.request.POST)
        answer = self.render_to_response(self.get_context_data(form=form, wrong=said), status=429)
        answer.headers["Retry-After"] = str(seconds)
        return answer
