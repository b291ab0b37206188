-- The facets of a call as one short text: as many calls share one as share every value, so that its index is small and
-- all calls are counted by reading that alone. An entry of an index may have some 2,700 bytes: a value that is longer
-- than `_most`, or has a separator in it, is none of a facet.
CREATE FUNCTION facet_word(_word text, _most integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN length(_word) <= _most AND _word !~ '[\x1e\x1f]' THEN _word ELSE '' END;

-- Up to `_count` words of a set, the same text in whatever order they come.
CREATE FUNCTION facet_words(_words text[], _most integer, _count integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce((
  SELECT string_agg(word, E'\x1e') FROM (
    SELECT DISTINCT word COLLATE "C" AS word FROM unnest(_words) AS word
    WHERE length(word) <= _most AND (word COLLATE "C") ~ '^[!-~]+$' ORDER BY 1 LIMIT _count
  ) AS written
), '');

-- In the order of callstore/search/facets/packed.py.
CREATE FUNCTION call_facets(
  verdict text, verdict_confidence text, cause text, ended_first_by text, gap_kind text, gap double precision,
  parent_status text, child_status text, sip_response_code integer,
  topology text, agent_name text, agent_version text, ai_model text, region text, edge text,
  recording_state text, transcript_state text, review_state text,
  ai_close_observed boolean, dtmf text, child_call_sid text, ai_call_id text,
  flags text[], findings text[], warning_codes text[], error_codes text[]
) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN facet_word(verdict, 20)
  || E'\x1f' || facet_word(verdict_confidence, 20)
  || E'\x1f' || facet_word(cause, 30)
  || E'\x1f' || facet_word(ended_first_by, 20)
  || E'\x1f' || facet_word(gap_kind, 30)
  || E'\x1f' || CASE WHEN gap <= 0 THEN '0' WHEN gap < 2 THEN '1' WHEN gap < 5 THEN '2' WHEN gap < 15 THEN '3'
                     WHEN gap >= 15 THEN '4' ELSE '' END
  || E'\x1f' || facet_word(parent_status, 20)
  || E'\x1f' || facet_word(child_status, 20)
  || E'\x1f' || coalesce(sip_response_code::text, '')
  || E'\x1f' || facet_word(topology, 20)
  || E'\x1f' || facet_word(agent_name, 40)
  || E'\x1f' || facet_word(agent_version, 40)
  || E'\x1f' || facet_word(ai_model, 40)
  || E'\x1f' || facet_word(region, 20)
  || E'\x1f' || facet_word(edge, 20)
  || E'\x1f' || facet_word(recording_state, 20)
  || E'\x1f' || facet_word(transcript_state, 20)
  || E'\x1f' || facet_word(review_state, 20)
  || E'\x1f' || CASE ai_close_observed WHEN true THEN 'close' WHEN false THEN 'open' ELSE '' END
  || E'\x1f' || CASE WHEN dtmf <> '' THEN 'dtmf' ELSE '' END
  || E'\x1f' || CASE WHEN child_call_sid IS NULL THEN '' ELSE 'child' END
  || E'\x1f' || CASE WHEN ai_call_id IS NULL THEN '' ELSE 'session' END
  || E'\x1f' || facet_words(flags, 20, 12)
  || E'\x1f' || facet_words(findings, 30, 20)
  || E'\x1f' || facet_words(warning_codes, 24, 8)
  || E'\x1f' || facet_words(error_codes, 64, 8);
