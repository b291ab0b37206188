"""A call as readers filter and sort it."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q, TextField

from callstore.projection.models.columns import words
from callstore.projection.packed import packed_facets, unpacked_names

NUMBERS = [
    "call_id", "ended_at", "sip_response_code", "interruptions", "parent_duration_s", "child_duration_s",
    "ai_silence_before_end_s", "caller_speech_end_to_child_end_s", "untranscribed_caller_speech_s",
    "detection_lag_s", "response_time_p50_s", "longest_dead_air_s", "talk_over_s",
]  # fmt: skip


class CallRow(models.Model):
    """A call as readers filter and sort it, and `document`, all that docs/fields.md tells, for its page.

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

    # What people decided (`callstore.people`), copied here to be filtered by.
    review_state = TextField(null=True, default="new")
    assignee = TextField(null=True)
    reviewer = TextField(null=True)
    agreed = models.IntegerField(default=0)
    disagreed = models.IntegerField(default=0)
    review_version = models.BigIntegerField(default=0)

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
    outline = models.TextField(null=True)  # of the document, by `projection.models.outline`
    outline_version = models.BigIntegerField(null=True)  # `version` of what it was made from

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
            GinIndex(fields=["warning_codes", "error_codes"], name="call_codes"),
            # A number that few calls have is looked for in all of them, without a look at their rows. No text
            # of whatever length is in it, which an index has no room for.
            models.Index(fields=["started_at"], include=NUMBERS, name="call_numbers"),
            # Calls are counted by their facets, all or those of a time, without a look at their rows.
            models.Index(fields=["facets"], name="call_facets"),
            models.Index(fields=["started_at"], include=["ended_at", "facets"], name="call_facets_by_start"),
            # Mostly empty: while it is, what the facets have of no call has no call.
            models.Index(fields=["call_id"], name="call_unpacked_names", condition=unpacked_names()),
            # The founding filter: is:truncated status:completed sip:200, newest first.
            models.Index(
                fields=["started_at", "call_id"],
                name="call_clean_but_cut_off",
                condition=Q(flags__contains=["truncated"], child_status="completed", sip_response_code=200),
            ),
            # Few of all calls were decided about, and these hold no others.
            models.Index(
                fields=["review_state", "started_at", "call_id"],
                name="call_by_review",
                condition=Q(review_state__in=["investigating", "confirmed", "not_suspicious", "resolved"]),
            ),
            models.Index(
                fields=["assignee", "started_at", "call_id"],
                name="call_by_assignee",
                condition=Q(assignee__isnull=False),
            ),
            GinIndex(fields=["tags"], name="call_tags", condition=~Q(tags=[])),
            models.Index(
                fields=["verdict"], name="call_voted", condition=Q(agreed__gt=0) | Q(disagreed__gt=0)
            ),
            # What is beside a call: its caller's others, what the same finding decided, the last natural end.
            models.Index(fields=["caller", "started_at"], name="call_by_caller"),
            models.Index(
                fields=["cause", "started_at"], name="call_by_cause", condition=Q(cause__isnull=False)
            ),
            models.Index(
                fields=["agent_name", "agent_version", "started_at"],
                name="call_natural_ends",
                condition=Q(verdict="natural_end"),
            ),
            models.Index(fields=["fetch_at"], name="call_fetch", condition=Q(fetch_at__isnull=False)),
            models.Index(fields=["ask_at"], name="call_ask", condition=Q(ask_at__isnull=False)),
        ]
