UPDATE log.head AS h SET version = h.version - e.n, done = least(h.done, h.version - e.n)
FROM (
  SELECT trace_id, count(*) AS n FROM log.event
  WHERE subject ^@ 'openai:sess_' OR subject ^@ 'twilio:CF' GROUP BY trace_id
) AS e WHERE e.trace_id = h.trace_id;
DELETE FROM log.head WHERE version = 0;
