"""The ways on which a message leaves, one module each, chosen by its target's address."""

from callstore.alerts.channels import mail, services, webhook
from callstore.alerts.models import Message
from callstore.alerts.targets import MAIL, WEB


def send(message: Message) -> None:
    """Send a message to its target. Raises Refused, in a sentence, if that did not take it."""
    if message.target.startswith(MAIL):
        mail.send(message)
    elif message.target.startswith(WEB):
        webhook.send(message)
    else:
        services.send(message)
