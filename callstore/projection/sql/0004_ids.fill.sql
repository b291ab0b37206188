-- In slices, each a transaction of its own: readers and writers wait for no more than one of them.
DO $$
DECLARE
  slice uuid[];
  last  uuid := '00000000-0000-0000-0000-000000000000';
BEGIN
  LOOP
    slice := ARRAY(SELECT call_id FROM call WHERE call_id > last ORDER BY call_id LIMIT 500 FOR UPDATE);
    EXIT WHEN cardinality(slice) = 0;
    UPDATE call SET ids = ARRAY(
      SELECT DISTINCT id[1] FROM regexp_matches(document::text, '"('
        || '(?:CA|RE)[0-9a-f]{32}|(?:rtc|live|sess)_[0-9A-Za-z_]{8,200}'
        || '|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
        || ')"(?!:)', 'g') AS id ORDER BY 1)
    WHERE call_id = ANY(slice);
    last := slice[cardinality(slice)];
    COMMIT;
  END LOOP;
END $$;
