"""By e-mail, through the server of EMAIL_URL."""

from django.conf import settings
from django.core.mail import EmailMessage

from callstore.alerts.channels.channel import Refused
from callstore.alerts.models import Message
from callstore.alerts.targets import MAIL


def send(message: Message) -> None:
    """Send a mail. The mails of one firing are one thread. Raises Refused."""
    if not settings.EMAIL_URL:
        raise Refused("EMAIL_URL is not set")
    mail = EmailMessage(
        f"[callstore] {message.subject}",
        message.body,
        to=[message.target.removeprefix(MAIL)],
        headers={"Auto-Submitted": "auto-generated", "References": f"<{message.key}@callstore>"},
    )
    try:
        mail.send()
    except (OSError, ValueError) as error:  # smtplib's errors are OSErrors; ValueError: a header that is none
        raise Refused(f"the mail server: {type(error).__name__}: {error}") from error
