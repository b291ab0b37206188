"""What a well instance tells Prometheus, and what each fault changes of it, for the tests of the rules.

Values are in promtool's notation, minute by minute: `1` stays, `0+6` grows by six, `_` is not there.
"""

WEB = 'job="callstore",instance="10.0.0.11:8000"'
# By name and labels, in promtool's notation: what a well instance tells for two hours, minute by minute.
WELL = {
    "up": "1",
    "callstore_database_up": "1",
    "callstore_metrics_age_seconds": "5",
    'callstore_process_up{process="worker"}': "1",
    'callstore_process_up{process="watch"}': "1",
    'callstore_deliveries_total{door="twilio",result="taken"}': "0+600",
    'callstore_deliveries_total{door="twilio",result="fault"}': "0",
    'callstore_deliveries_total{door="twilio",result="sent_back"}': "0",
    'callstore_refusals_total{door="app",reason="no token"}': "0+1",  # a stranger now and then
    "callstore_spool_bytes": "1000",
    "callstore_spool_limit_bytes": "1000000",
    "callstore_spool_oldest_seconds": "2",
    'callstore_spool_files{state="damaged"}': "0",
    "callstore_recordings_kept": "1",
    'callstore_queue_tasks{queue="recordings"}': "3",
    "callstore_projection_lag_seconds": "1",
    "callstore_relay_lag_seconds": "0.1",
    "callstore_projection_parked": "0",
    "callstore_seal_age_seconds": "60",
    "callstore_month_faults": "0",
    "callstore_months_overdue": "0",
    'callstore_source_facts_hour{source="twilio.child"}': "9000",
    'callstore_source_state{source="twilio.child",state="ok"}': "1",
    'callstore_source_state{source="twilio.child",state="silent"}': "0",
    'callstore_source_state{source="twilio.child",state="rejecting"}': "0",
    'callstore_watch_sessions{state="watched"}': "4",
    'callstore_watch_sessions{state="unwatched"}': "0",
    "callstore_watch_events_total": "0+400",
    'callstore_calls_hour{verdict="natural_end"}': "90",
    'callstore_calls_hour{verdict="ai_deaf"}': "10",
    "callstore_alerts_unmeasured": "0",
    'callstore_alert_messages{state="given_up"}': "2",  # old ones
    "process_resident_memory_bytes": "200000000",
    "process_open_fds": "50",
    "process_max_fds": "1000",
    "callstore_outbound_oldest_seconds": "0",
    'callstore_outbound_events{state="given_up"}': "0",
    "callstore_nightly_age_seconds": "80000",
}
GONE = "_"
# What each fault changes, and what the alert then says; labels beside the severity are read from the series.
FAULTS: dict[str, tuple[dict[str, str], dict[str, str], str]] = {
    "CallstoreDown": (
        {"up": "0"}, {"job": "callstore", "instance": "10.0.0.11:8000"}, "Nobody answers at 10.0.0.11:8000"
    ),
    "CallstoreDatabaseAway": (
        {"callstore_database_up": "0"}, {"job": "callstore"}, "Postgres does not answer"
    ),
    "CallstoreFiguresOld": (
        {"callstore_metrics_age_seconds": "0+60"}, {"job": "callstore"},
        "The database has not told its figures for two minutes",
    ),
    "CallstoreValkeyAway": (
        {'callstore_process_up{process="worker"}': GONE, 'callstore_process_up{process="watch"}': GONE}, {},
        "Valkey does not answer",
    ),
    "CallstoreProcessSilent": (
        {'callstore_process_up{process="worker"}': "0"}, {"job": "callstore", "process": "worker"},
        "No worker says that it lives",
    ),
    "CallstoreDeliveriesRefused": (
        {'callstore_refusals_total{door="app",reason="no token"}': "0+6"},
        {"door": "app", "reason": "no token"},
        "app refuses deliveries: no token",
    ),
    "CallstoreDeliveryFaults": (
        {'callstore_deliveries_total{door="twilio",result="fault"}': "0+1"}, {"door": "twilio"},
        "A delivery at twilio met a fault of ours",
    ),
    "CallstoreDeliveriesSentBack": (
        {'callstore_deliveries_total{door="twilio",result="sent_back"}': "0+1"}, {"door": "twilio"},
        "twilio sends deliveries back",
    ),
    "CallstoreSpoolWaiting": (
        {"callstore_spool_oldest_seconds": "0+60"}, {"job": "callstore"},
        "Deliveries have waited in the spool for five minutes although Postgres answers",
    ),
    "CallstoreSpoolStuck": (
        {'callstore_spool_files{state="damaged"}': "1"}, {"job": "callstore", "state": "damaged"},
        "Files in the spool wait for somebody: damaged",
    ),
    "CallstoreSpoolFilling": (
        {"callstore_spool_bytes": "600000"}, {"job": "callstore"}, "The spool is half full"
    ),
    "CallstoreProjectionLag": (
        {"callstore_projection_lag_seconds": "90"}, {"job": "callstore"}, "Calls are 1m 30s behind the log"
    ),
    "CallstoreRelayLag": (
        {"callstore_relay_lag_seconds": "11"}, {"job": "callstore"}, "Nobody takes up what is behind"
    ),
    "CallstoreCallsParked": (
        {"callstore_projection_parked": "2"}, {"job": "callstore"}, "2 traces of calls were set aside"
    ),
    "CallstoreQueueLong": (
        {'callstore_queue_tasks{queue="recordings"}': "1200"}, {"job": "callstore", "queue": "recordings"},
        "1200 tasks wait for the fetcher",
    ),
    "CallstoreRecordingsNotKept": (
        {"callstore_recordings_kept": "0"}, {"job": "callstore"}, "Recordings cannot be kept"
    ),
    "CallstoreLogUnsealed": (
        {"callstore_seal_age_seconds": "0+60"}, {"job": "callstore"},
        "The log has not been sealed for a quarter of an hour",
    ),
    "CallstoreMonthsAmiss": (
        {"callstore_month_faults": "1"}, {"job": "callstore"},
        "Months of the log are not made, or events lie beside theirs",
    ),
    "CallstoreRetentionOverdue": (
        {"callstore_months_overdue": "2"}, {"job": "callstore"},
        "2 months are older than RETENTION_DAYS and still there",
    ),
    "CallstoreSourceSilent": (
        {'callstore_source_state{source="twilio.child",state="silent"}': "1"},
        {"job": "callstore", "source": "twilio.child", "state": "silent"}, "twilio.child has fallen silent",
    ),
    "CallstoreSourceRejecting": (
        {'callstore_source_state{source="twilio.child",state="rejecting"}': "1"},
        {"job": "callstore", "source": "twilio.child", "state": "rejecting"},
        "twilio.child is refused more than it is believed",
    ),
    "CallstoreSessionsUnwatched": (
        {'callstore_watch_sessions{state="unwatched"}': "3"}, {"job": "callstore", "state": "unwatched"},
        "3 sessions have no observer",
    ),
    "CallstoreObserverMute": (
        {"callstore_watch_events_total": "7000"}, {}, "Sessions are watched and no frame comes"
    ),
    "CallstoreAlertsUnmeasured": (
        {"callstore_alerts_unmeasured": "1"}, {"job": "callstore"}, "1 alerts cannot be measured"
    ),
    "CallstoreAlertMessagesGivenUp": (
        {'callstore_alert_messages{state="given_up"}': "0+1"}, {}, "A message of an alert was given up"
    ),
    "CallstoreManyCallsLost": (
        {'callstore_calls_hour{verdict="ai_deaf"}': "30"}, {}, "25% of this hour's calls were lost by the AI"
    ),
    "CallstoreMemoryGrows": (
        {"process_resident_memory_bytes": "700000000"}, {"job": "callstore", "instance": "10.0.0.11:8000"},
        "Web at 10.0.0.11:8000 holds more than 600 MB",
    ),
    "CallstoreFilesRunOut": (
        {"process_open_fds": "900"}, {"job": "callstore", "instance": "10.0.0.11:8000"},
        "Web at 10.0.0.11:8000 has few files left",
    ),
    "CallstoreEventsWaiting": (
        {"callstore_outbound_oldest_seconds": "1000"}, {"job": "callstore"},
        "An event of a verdict has waited for 16m 40s",
    ),
    "CallstoreEventsGivenUp": (
        {'callstore_outbound_events{state="given_up"}': "1"}, {"job": "callstore", "state": "given_up"},
        "1 events of verdicts were given up",
    ),
    "CallstoreNightlyFileMissing": (
        {"callstore_nightly_age_seconds": "180000"}, {"job": "callstore"},
        "The last nightly file is of a day that ended 2d 2h 0m 0s ago",
    ),
}  # fmt: skip
