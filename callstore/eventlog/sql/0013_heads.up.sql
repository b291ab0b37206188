-- Sessions whose socket the application holds, and conferences, are of a call from now on: what was kept of them
-- before gets the heads that it would have got, so that it is projected and the proof counts it.
INSERT INTO log.head AS h (trace_id, bucket, version, since)
SELECT trace_id, min(bucket), count(*), now() FROM log.event
WHERE subject ^@ 'openai:sess_' OR subject ^@ 'twilio:CF'
GROUP BY trace_id ORDER BY trace_id
ON CONFLICT (trace_id) DO UPDATE SET
  version = h.version + excluded.version, since = coalesce(h.since, excluded.since);
