-- As before, in a third of the time: an expression of SQL alone is read and planned anew by each statement that writes a
-- call, which took longer than all the rest of it. What these hold is planned once a connection. They name nothing
-- outside pg_catalog, so that a restored dump finds all of it.
CREATE OR REPLACE FUNCTION facet_words(_words text[], _most integer, _count integer) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF cardinality(_words) > 0 THEN
    RETURN coalesce((
      SELECT string_agg(word, E'\x1e') FROM (
        SELECT DISTINCT word COLLATE "C" AS word FROM unnest(_words) AS word
        WHERE length(word) <= _most AND (word COLLATE "C") ~ '^[!-~]+$' ORDER BY 1 LIMIT _count
      ) AS written
    ), '');
  END IF;
  RETURN '';
END $$;

-- A word each, `_most` of its letters at the same place; after each a separator.
CREATE FUNCTION facet_fields(_words text[], _most integer[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE written text := '';
BEGIN
  FOR at IN 1 .. cardinality(_most) LOOP
    IF length(_words[at]) <= _most[at] AND _words[at] !~ '[\x1e\x1f]' THEN
      written := written || _words[at];
    END IF;
    written := written || E'\x1f';
  END LOOP;
  RETURN written;
END $$;

CREATE OR REPLACE FUNCTION call_facets(
  verdict text, verdict_confidence text, cause text, ended_first_by text, gap_kind text, gap double precision,
  parent_status text, child_status text, sip_response_code integer,
  topology text, agent_name text, agent_version text, ai_model text, region text, edge text,
  recording_state text, transcript_state text, review_state text,
  ai_close_observed boolean, dtmf text, child_call_sid text, ai_call_id text,
  flags text[], findings text[], warning_codes text[], error_codes text[]
) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN facet_fields(
  ARRAY[
    verdict, verdict_confidence, cause, ended_first_by, gap_kind,
    CASE WHEN gap <= 0 THEN '0' WHEN gap < 2 THEN '1' WHEN gap < 5 THEN '2' WHEN gap < 15 THEN '3'
         WHEN gap >= 15 THEN '4' END,
    parent_status, child_status, sip_response_code::text,
    topology, agent_name, agent_version, ai_model, region, edge,
    recording_state, transcript_state, review_state,
    CASE ai_close_observed WHEN true THEN 'close' WHEN false THEN 'open' END,
    CASE WHEN dtmf <> '' THEN 'dtmf' END,
    CASE WHEN child_call_sid IS NOT NULL THEN 'child' END,
    CASE WHEN ai_call_id IS NOT NULL THEN 'session' END
  ],
  '{20,20,30,20,30, 1, 20,20,11, 20,40,40,40,20,20, 20,20,20, 5,4,5,7}'
)
  || facet_words(flags, 20, 12)
  || E'\x1f' || facet_words(findings, 30, 20)
  || E'\x1f' || facet_words(warning_codes, 24, 8)
  || E'\x1f' || facet_words(error_codes, 64, 8);

DROP FUNCTION facet_word(text, integer);
