"""The transcripts that Twilio made of a leg's recordings, sentence by sentence."""

from collections.abc import Iterator

from callstore.domain.facts.record import Draft
from ingest.backfill.fetch import Api
from ingest.backfill.rest_http import NotThere
from ingest.dialects.twilio import rest


def drafts(asked: Api, leg: str, now: float) -> Iterator[Draft]:
    """What was said on the recordings of a leg; an account without that service has none."""
    for recording in asked.recordings(leg):
        try:
            for transcript in asked.transcripts(str(recording.get("sid"))):
                for sentence in asked.sentences(str(transcript.get("sid"))):
                    yield from rest.sentence(sentence, transcript, recording, now)
        except NotThere:
            return
