"""The demo's login, which everybody knows: made for a demo, and of no use to anybody after it."""

from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.sessions.models import Session

from dashboard.login.backends import DEMO

NAME, PASSWORD = DEMO


def open_login() -> None:
    """Make the user that `up --demo` prints, or give him back the password that he lost with the last one."""
    users = get_user_model().objects
    demo = users.filter(username=NAME).first()
    if demo is None:
        users.create_superuser(NAME, password=PASSWORD)
    elif not demo.is_active and not demo.has_usable_password():
        demo.set_password(PASSWORD)
        demo.is_active = True
        demo.save()


def close_login() -> None:
    """Let nobody in as `demo` by the password that everybody knows, nor by a session that it opened.

    A user of that name with a password of his own is somebody, and stays.
    """
    demo = get_user_model().objects.filter(username=NAME).first()
    if demo is None or not demo.check_password(PASSWORD):
        return
    demo.set_unusable_password()
    demo.is_active = False
    demo.save()
    for session in Session.objects.iterator():
        if session.get_decoded().get(SESSION_KEY) == str(demo.pk):
            session.delete()
