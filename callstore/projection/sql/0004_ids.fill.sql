-- In slices, each a transaction of its own: readers and writers wait for no more than one of them. What is saved in
-- between brings its own ids.
DO $$
DECLARE
  slice uuid[];
  last  uuid := '00000000-0000-0000-0000-000000000000';
BEGIN
  LOOP
    slice := ARRAY(SELECT call_id FROM call WHERE call_id > last ORDER BY call_id LIMIT 500);
    EXIT WHEN cardinality(slice) = 0;
    UPDATE call SET ids = ARRAY(
      SELECT DISTINCT id COLLATE "C" FROM (
        SELECT value #>> '{}' AS id FROM jsonb_path_query(document, 'strict $.** ? (@.type() == "string")') AS value
      ) AS text
      WHERE length(id) BETWEEN 12 AND 205 AND (
        id ~ '^(CA|RE)[0-9a-f]{32}$'
        OR id ~ '^(rtc|live|sess)_[0-9A-Za-z_]+$' AND length(id) - strpos(id, '_') BETWEEN 8 AND 200
        OR id ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$')
      ORDER BY 1)
    WHERE call_id = ANY(slice);
    last := slice[cardinality(slice)];
    COMMIT;
  END LOOP;
END $$;
