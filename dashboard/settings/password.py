"""The page of one's own password."""

from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy

from callstore.people import audit
from callstore.people.address import client_address
from dashboard.login import throttle


class Password(PasswordChangeView):
    """Changes it, for who knows the old one; every other session of his ends by that.

    Who guesses at the old one is stopped as at the login.
    """

    template_name = "dashboard/settings/password.html"
    success_url = reverse_lazy("password")
    changed = False

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        who = (request.user.get_username(), client_address(request.META, settings.TRUSTED_PROXIES))
        if seconds := throttle.begin(*who):
            wrong = f"Too many attempts. Try again in {seconds} s."
            answer = self.render_to_response(self.get_context_data(form=None, wrong=wrong), status=429)
            answer.headers["Retry-After"] = str(seconds)
            return answer
        answer = super().post(request, *args, **kwargs)
        if self.changed:
            throttle.take_back(*who)
        return answer

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the new password, and say so."""
        super().form_valid(form)
        self.changed = True
        audit.record(self.request, "user_changed", user=self.request.user.get_username(), change="password")
        said = "Your password is changed. You are logged out everywhere but here."
        form = self.get_form_class()(user=cast(User, self.request.user))
        return self.render_to_response(self.get_context_data(form=form, said=said))

    def get_context_data(self, **known: Any) -> dict[str, Any]:
        """What is said, and whether there is a password to change at all."""
        context = {"settings_page": "password", **known}
        form = context.get("form")
        if form is None and "wrong" not in context:
            form = context["form"] = self.get_form()
        if form is not None and form.errors:
            context["wrong"] = " ".join(message for said in form.errors.values() for message in said)
        context["has_password"] = cast(User, self.request.user).has_usable_password()
        return context
