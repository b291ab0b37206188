"""Told calls in, what one examination says of them out."""

from dataclasses import replace

from callstore.doctor.examination import ExaminedCall, Sample, Setup, Symptom, diagnoses
from callstore.domain.call.fold import fold
from callstore.domain.facts import events as ev
from callstore.findings.rule import case
from tests.builders import CHILD, Story, answered_call, at, clock

BASE = "https://calls.example.com"
LATER = "03:00:00"  # when the doctor looks: everything of the story's call would have come
CALLBACKS = (
    ("Dial.recordingStatusCallback", "in-progress completed absent", "rc=5&rp=all"),
    ("Sip.statusCallback", "initiated ringing answered completed", "rc=5&rp=all"),
)


def sample(*stories: Story, now: str = LATER, **setup) -> Sample:
    """The calls of these stories, and a set-up with these settings."""
    made = Setup(now=at(now), public_base_url=BASE, **setup)
    calls = [
        ExaminedCall(f"call-{n}", case(fold(story.records), made.finish_tools), tuple(story.records))
        for n, story in enumerate(stories, start=1)
    ]
    return Sample(calls, made)


def examine(key: str, *stories: Story, **setup) -> Symptom | None:
    """What the examination with this key finds; what else is found is no matter here."""
    found = {diagnosis.key: diagnosis.symptom for diagnosis in diagnoses(sample(*stories, **setup))}
    return found.get(key)


def proofs(story: Story, symptom: Symptom) -> list[str]:
    """The facts of the first story that a symptom points at: `leg.status 00:18:52`."""
    facts = {r.position: r for r in story.records}
    return [
        f"{facts[p].event.TYPE} {clock(facts[p].occurred.at - at('00:00:00')).removesuffix('.000')}"
        for p, _ in symptom.events
    ]


def asked_for(story: Story, *types: type[ev.Event]) -> Story:
    """The story with the facts of these types as Twilio's API brought them, because nobody had told them."""
    story.records = [replace(r, backfilled=True) if isinstance(r.event, types) else r for r in story.records]
    return story


def dialled(*, record: str | None = "record-from-answer-dual", **answer) -> Story:
    """An answered call whose TwiML for the <Dial> is known."""
    given = {
        "sip_targets": (("sip.api.openai.com", "transport=tls"),),
        "callbacks": CALLBACKS,
        "record": record,
        **answer,
    }
    return answered_call().answered("00:18:16", "Dial", "Sip", path="/gather", asked="gather", **given)


def conversation(**answer) -> Story:
    """The same, with a turn that the AI heard and the close of its session."""
    story = dialled(**answer).turn("item_1", "00:18:30", "00:18:33", "00:18:23", "Hello.")
    return story.socket_closed("00:18:51.9", 1000, received=1000, sent=1000)


def live(story: Story) -> Story:
    """The story with the offer of a Live session on its AI leg."""
    event = ev.SessionOffered(api="live", child=CHILD)
    return story.add("openai:live_1", event, "00:18:17", source="openai", precision=1000)
