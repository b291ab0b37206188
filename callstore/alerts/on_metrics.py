"""What alerts tell on /metrics."""

from callstore.alerts.models import Alert, Firing, Message
from callstore.health.figures import Figure, Group, Samples, alone


def _told() -> tuple[Samples, ...]:
    unsent = Message.objects.filter(sent_at=None)
    return (
        alone(Firing.objects.filter(resolved_at=None).count()),
        alone(Alert.objects.filter(enabled=True).exclude(problem=None).count()),
        {
            ("waiting",): unsent.exclude(next_at=None).count(),
            ("given_up",): unsent.filter(next_at=None).count(),
        },
    )


GROUP = Group(
    (
        Figure("callstore_alerts_firing", "Alerts that fire now."),
        Figure("callstore_alerts_unmeasured", "Alerts whose last measure failed."),
        Figure("callstore_alert_messages", "Messages that were not sent, by why.", ("state",)),
    ),
    _told,
)
