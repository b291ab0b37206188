"""Callbacks that Twilio sends once: without an override it repeats only what could not connect.

https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
"""

from urllib.parse import parse_qs

from callstore.doctor.examination import Sample, Severity, Symptom, counted, most, seen_in

SEVERITY: Severity = "missing"
TITLE = "Lost callbacks are not repeated (#rc=5&rp=all)"


def examine(sample: Sample) -> Symptom | None:
    """The callbacks in our TwiML whose URL asks for no repetition."""
    events, calls, names = [], set(), set()
    for call in sample.calls:
        for ask in call.case.call.asks:
            once = [c[0] for c in (ask.answer and ask.answer.callbacks) or () if not _repeated(c[-1])]
            if once:
                names.update(once)
                calls.add(call.id)
                events += seen_in(call, ask.answered)
    if not events:
        return None
    why = (
        f"{counted(len(calls), len(sample.calls))} the URL of {', '.join(sorted(names))} ends without"
        " #rc=5&rp=all: Twilio then repeats a callback only where it could not connect, and one that met an"
        " error or a slow answer is gone."
    )
    url = sample.setup.url("/hooks/twilio/status/child#rc=5&amp;rp=all")
    return Symptom(why, most(events), f'statusCallback="{url}"')


def _repeated(overrides: str) -> bool:
    """Whether a failed answer of ours is asked for again: `rc` times, for what `rp` lists."""
    given = {name: values[-1] for name, values in parse_qs(overrides).items()}
    policies = given.get("rp", "").split(",")
    return (
        given.get("rc", "0").isdigit()
        and int(given.get("rc", "0")) > 0
        and bool({"all", "5xx"} & {*policies})
    )
