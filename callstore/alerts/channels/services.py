"""By one of the services of ALERT_URLS, through Apprise: Slack, Teams, PagerDuty, ntfy and many more."""

from urllib.parse import urlencode

from callstore.alerts import targets
from callstore.alerts.channels.channel import Refused
from callstore.alerts.models import Message

INCIDENTS = "pagerduty://"
KINDS = {  # of Apprise's notifications
    "fired": "failure",
    "resolved": "success",
    "test": "info",
}


def send(message: Message) -> None:
    """Notify the service. Raises Refused."""
    import apprise  # here, as in targets

    url = targets.apprise_url(message.target)
    if url is None:
        raise Refused("ALERT_URLS no longer offers this target")
    service = apprise.Apprise.instantiate(of_one_incident(url, message.key))
    if service is None:
        raise Refused("Apprise does not know this URL of ALERT_URLS")
    # Said to be plain text, so that it is escaped for a service that takes markup.
    text = {"title": message.subject, "body": message.body, "body_format": apprise.NotifyFormat.TEXT}
    # What a test opens at PagerDuty nobody else would ever resolve.
    ended = ("success",) if message.kind == "test" and url.startswith(INCIDENTS) else ()
    for kind in (KINDS[message.kind], *ended):
        if not service.notify(**text, notify_type=apprise.NotifyType(kind)):
            raise Refused(f"{service.service_name} did not take it")


def of_one_incident(url: str, key: str) -> str:
    """PagerDuty's URL, by which a firing and its end are one incident that opens and resolves."""
    if not url.startswith(INCIDENTS) or "dedup=" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode({'action': 'map', 'dedup': key})}"
