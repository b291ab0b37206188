"""What of the log a statement of others may join: queries in brackets, to stand where a table may stand.

Postgres plans such a statement as if the tables themselves stood there, and they may change behind it.
"""

# Every trace of a call: the month in which it was born, how many events it has, how many of them are done.
HEADS = "(SELECT trace_id, bucket, version, done FROM log.head)"

# Every event of a call: its trace, the trace's month, and when it came to us.
ARRIVALS = "(SELECT trace_id, e.bucket, e.received_at FROM log.event e JOIN log.head h USING (trace_id))"

# Every session that OpenAI offered: when that came to us, and the legs that its headers name.
OFFERS = """(
  SELECT subject, received_at, facts ->> 'child' AS child, facts ->> 'parent' AS parent
  FROM log.event WHERE type = 'session.offered')"""

# Every id that belongs to a trace, with the trace's month: the subjects that live there, those only mentioned
# so far included, and what its events mention. An id comes as often as it was mentioned.
IDS = """(
  SELECT bucket, trace_id, subject AS id FROM log.stream
  UNION ALL
  SELECT bucket, trace_id, substr(ref, strpos(ref, '=') + 1) FROM log.event, unnest(refs) AS ref
)"""

# All heads in pieces of about %s events, each of traces that follow each other and were born in one month:
# the month, the first and the last trace, how many events.
PIECES = """(
  SELECT bucket, (array_agg(trace_id ORDER BY trace_id))[1] AS first,
    (array_agg(trace_id ORDER BY trace_id DESC))[1] AS last, sum(version) AS events
  FROM (
    SELECT *, sum(version) OVER (PARTITION BY bucket ORDER BY trace_id) / %s AS piece FROM log.head) AS cut
  GROUP BY bucket, div(piece, 1)
)"""
