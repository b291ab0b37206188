-- The second set of read models, which a rebuild fills from the log beside the live one and then puts in its place.
-- The application may drop and make tables nowhere; these functions do it for the two it may lose, and no others.
CREATE SCHEMA rebuild;

-- What is being rebuilt, by which code. Work that other code began is thrown away.
CREATE TABLE rebuild.run (
  code     text        PRIMARY KEY,
  began_at timestamptz NOT NULL DEFAULT now()
);

-- The log in pieces, each noted (whose ids are whose) and then folded in a transaction of its own.
CREATE TABLE rebuild.chunk (
  bucket date    NOT NULL,
  first  uuid    NOT NULL,
  last   uuid    NOT NULL,
  events bigint  NOT NULL,
  noted  boolean NOT NULL DEFAULT false,
  folded boolean NOT NULL DEFAULT false,
  PRIMARY KEY (bucket, first)
);

-- How much of each trace the second set is sure to hold.
CREATE TABLE rebuild.seen (
  trace_id uuid   PRIMARY KEY,
  version  bigint NOT NULL
);

-- How often the second set took the place of the first. A row, since names of tables are looked up in a cache, where a
-- transaction that waited for the swap may still find the old ones.
CREATE TABLE rebuild.swaps (count bigint NOT NULL);
INSERT INTO rebuild.swaps VALUES (0);

CREATE FUNCTION rebuild.begin(_code text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  model text;
BEGIN
  TRUNCATE rebuild.run, rebuild.chunk, rebuild.seen;
  FOREACH model IN ARRAY ARRAY['call', 'trace_ref'] LOOP
    EXECUTE format('DROP TABLE IF EXISTS rebuild.%I', model);
    EXECUTE format('CREATE TABLE rebuild.%I (LIKE public.%I INCLUDING ALL EXCLUDING INDEXES)', model, model);
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'callstore_app') THEN
      EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON rebuild.%I TO callstore_app', model);
    END IF;
  END LOOP;
  INSERT INTO rebuild.run (code) VALUES (_code);
END $$;

-- The indexes and keys of the live table, under their names, made after it was filled; nothing where they are there.
CREATE FUNCTION rebuild.index(_model text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  part record;
BEGIN
  IF _model NOT IN ('call', 'trace_ref')
     OR EXISTS (SELECT FROM pg_indexes WHERE schemaname = 'rebuild' AND tablename = _model) THEN
    RETURN;
  END IF;
  FOR part IN
    SELECT conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint
    WHERE conrelid = format('public.%I', _model)::regclass AND contype IN ('p', 'u')
  LOOP
    EXECUTE format('ALTER TABLE rebuild.%I ADD CONSTRAINT %I %s', _model, part.conname, part.definition);
  END LOOP;
  FOR part IN
    SELECT pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i
    WHERE i.indrelid = format('public.%I', _model)::regclass
      AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
  LOOP
    EXECUTE replace(part.definition, format(' ON public.%I ', _model), format(' ON rebuild.%I ', _model));
  END LOOP;
  EXECUTE format('ANALYZE rebuild.%I', _model);
END $$;

-- The second set becomes the live one. In the caller's transaction, who holds both tables locked.
CREATE FUNCTION rebuild.swap() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  model text;
BEGIN
  FOREACH model IN ARRAY ARRAY['call', 'trace_ref'] LOOP
    EXECUTE format('DROP TABLE public.%I', model);
    EXECUTE format('ALTER TABLE rebuild.%I SET SCHEMA public', model);
  END LOOP;
  TRUNCATE rebuild.run, rebuild.chunk, rebuild.seen;
  UPDATE rebuild.swaps SET count = count + 1;
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA rebuild FROM PUBLIC;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'callstore_app') THEN
    GRANT USAGE ON SCHEMA rebuild TO callstore_app;
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA rebuild TO callstore_app;
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA rebuild TO callstore_app;
  END IF;
END $$;
