"""The read models: derived from the log, at any time droppable, refilled by `manage.py rebuild`.

Personal data stands here in plain; `erase` deletes the rows.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q, TextField

from callstore.projection.packed import packed_facets


def words() -> "ArrayField[list[str], list[str]]":
    """A column for a set of short words: text[], empty but never null."""
    return ArrayField(TextField(), default=list)


class CallRow(models.Model):
    """A call as readers filter and sort it, and `document`, the whole of contract §4 for its page.

    A column means what the stable field of its name means; `caller` and `called` are `from` and `to`.
    """

    call_id = models.UUIDField(primary_key=True)
    version = models.BigIntegerField()  # sum of the head versions of the call's traces when it was folded
    rules_version = TextField()

    parent_call_sid = TextField(null=True)
    child_call_sid = TextField(null=True)
    ai_api = TextField(null=True)
    ai_call_id = TextField(null=True)
    ai_session_id = TextField(null=True)
    direction = TextField(null=True)
    caller = TextField(null=True)
    called = TextField(null=True)
    parent_status = TextField(null=True)
    child_status = TextField(null=True)
    sip_response_code = models.IntegerField(null=True)
    dtmf = TextField(null=True)

    started_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    child_started_at = models.DateTimeField(null=True)
    child_answered_at = models.DateTimeField(null=True)
    child_ended_at = models.DateTimeField(null=True)
    ai_first_event_at = models.DateTimeField(null=True)
    ai_last_event_at = models.DateTimeField(null=True)

    parent_duration_s = models.FloatField(null=True)
    child_duration_s = models.FloatField(null=True)
    ai_silence_before_end_s = models.FloatField(null=True)
    caller_speech_s = models.FloatField(null=True)
    untranscribed_caller_speech_s = models.FloatField(null=True)
    caller_speech_end_to_child_end_s = models.FloatField(null=True)
    detection_lag_s = models.FloatField(null=True)
    response_time_p50_s = models.FloatField(null=True)
    response_time_p95_s = models.FloatField(null=True)
    longest_dead_air_s = models.FloatField(null=True)
    talk_over_s = models.FloatField(null=True)
    interruptions = models.IntegerField(null=True)
    caller_talk_share = models.FloatField(null=True)
    numbers_basis = TextField(null=True)

    verdict = TextField(null=True)
    verdict_confidence = TextField(null=True)
    cause = TextField(null=True)
    ended_first_by = TextField(null=True)
    gap_kind = TextField(null=True)
    truncation_basis = TextField(null=True)
    ai_last_event_type = TextField(null=True)
    ai_close_observed = models.BooleanField(null=True)
    ai_close_code = models.IntegerField(null=True)
    finish_tool_seen = models.BooleanField(null=True)
    app_hangup_seen = models.BooleanField(null=True)
    app_error_seen = models.BooleanField(null=True)
    recording_state = TextField(null=True)
    transcript_state = TextField(null=True)
    review_state = TextField(null=True)

    topology = TextField(null=True)
    conference_sid = TextField(null=True)
    stream_sid = TextField(null=True)
    ai_model = TextField(null=True)
    agent_name = TextField(null=True)
    agent_version = TextField(null=True)
    region = TextField(null=True)
    edge = TextField(null=True)

    flags = words()
    warning_codes = words()
    error_codes = words()
    tags = words()

    event_count = models.IntegerField(null=True)
    first_position = models.BigIntegerField(null=True)
    last_position = models.BigIntegerField(null=True)

    # Of the document what no stable field holds and readers ask for.
    findings = words()  # slugs of what one call shows
    tools = words()
    languages = words()
    sources = words()  # that are present

    ids = words()  # every whole id that is a value anywhere in the document, to be found by
    facets = packed_facets()
    document = models.JSONField()

    # When the sweep may ask for this call's missing recordings again, and Twilio for what its callbacks lost.
    # Not facts: `--check` ignores them.
    saved_at = models.DateTimeField()
    fetch_at = models.DateTimeField(null=True)
    ask_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "call"
        indexes = [
            *(
                models.Index(fields=[column, "call_id"], name=f"call_by_{name}")
                for column, name in {
                    "started_at": "start",
                    "ended_at": "end",
                    "parent_duration_s": "parent_duration",
                    "child_duration_s": "child_duration",
                    "untranscribed_caller_speech_s": "gap",
                    "verdict": "verdict",
                }.items()
            ),
            GinIndex(fields=["flags"], name="call_flags"),
            GinIndex(fields=["ids"], name="call_ids"),
            GinIndex(fields=["findings", "tools", "languages", "sources"], name="call_told"),
            # Calls are counted by their facets, all or those of a time, without a look at their rows.
            models.Index(fields=["facets"], name="call_facets"),
            models.Index(fields=["started_at"], include=["ended_at", "facets"], name="call_facets_by_start"),
            # The founding filter: is:truncated status:completed sip:200, newest first.
            models.Index(
                fields=["started_at", "call_id"],
                name="call_clean_but_cut_off",
                condition=Q(flags__contains=["truncated"], child_status="completed", sip_response_code=200),
            ),
            models.Index(fields=["fetch_at"], name="call_fetch", condition=Q(fetch_at__isnull=False)),
            models.Index(fields=["ask_at"], name="call_ask", condition=Q(ask_at__isnull=False)),
        ]


class CallWords(models.Model):
    """What was said in a call, a line a passage, as `words.spelling` writes it, and its numbers and ids.

    Apart from `call`, whose rows are written at every fold: these only where the words are others. A word is
    found by its tokens and then read: Postgres' own would not find one in Japanese, which has no spaces.
    """

    call_id = models.UUIDField(primary_key=True)
    started_at = models.DateTimeField(null=True)
    caller = TextField()
    agent = TextField()
    ids = TextField()
    tokens: "ArrayField[list[int], list[int]]" = ArrayField(models.IntegerField())

    class Meta:
        db_table = "call_words"
        indexes = [
            # What waits to be entered would be read by every search, and entered all at once by some save.
            GinIndex(fields=["tokens"], name="call_words_tokens", fastupdate=False),
            models.Index(fields=["started_at"], name="call_words_start"),
        ]


class TraceRef(models.Model):
    """An id that events of a trace are about or mention. Traces that share an id are one call."""

    pk = models.CompositePrimaryKey("ref", "trace_id")
    ref = TextField()
    trace_id = models.UUIDField(db_index=True)

    class Meta:
        db_table = "trace_ref"


class Neighbour(models.Model):
    """A recent call as its neighbours see it, and what they and it together show (`projection.across`).

    Kept apart from `call`, whose rows are a pure function of one call's facts. `saved_at` is that of the row
    it was read from, and the columns to `refused` are its `Summary`.
    """

    call_id = models.UUIDField(primary_key=True)
    saved_at = models.DateTimeField()
    at = models.FloatField(db_index=True)
    verdict = TextField()
    cause = TextField(null=True)
    child_duration_s = models.IntegerField(null=True)
    slugs = words()
    accepted = models.BooleanField()
    refused: "ArrayField[list[int], list[int]]" = ArrayField(models.IntegerField(), default=list)
    findings = models.JSONField(default=list)
    incidents = models.JSONField(default=list)

    class Meta:
        db_table = "neighbour"
