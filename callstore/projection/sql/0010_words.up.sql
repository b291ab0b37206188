-- What readers ask of a document that no stable field holds. The defaults stay: what an older worker writes lacks them.
ALTER TABLE call
  ADD COLUMN findings  text[] NOT NULL DEFAULT '{}',
  ADD COLUMN tools     text[] NOT NULL DEFAULT '{}',
  ADD COLUMN languages text[] NOT NULL DEFAULT '{}',
  ADD COLUMN sources   text[] NOT NULL DEFAULT '{}';

-- The words of calls, apart from their rows. Random numbers do not get smaller by being packed.
CREATE TABLE call_words (
  call_id    uuid        PRIMARY KEY,
  started_at timestamptz,
  caller     text        NOT NULL,
  agent      text        NOT NULL,
  ids        text        NOT NULL,
  tokens     integer[]   NOT NULL
);
ALTER TABLE call_words ALTER COLUMN tokens SET STORAGE EXTERNAL;

-- A rebuild fills three tables now, not two.
CREATE OR REPLACE FUNCTION rebuild.begin(_code text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  model text;
BEGIN
  TRUNCATE rebuild.run, rebuild.chunk, rebuild.seen;
  FOREACH model IN ARRAY ARRAY['call', 'call_words', 'trace_ref'] LOOP
    EXECUTE format('DROP TABLE IF EXISTS rebuild.%I', model);
    EXECUTE format('CREATE TABLE rebuild.%I (LIKE public.%I INCLUDING ALL EXCLUDING INDEXES)', model, model);
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'callstore_app') THEN
      EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON rebuild.%I TO callstore_app', model);
    END IF;
  END LOOP;
  INSERT INTO rebuild.run (code) VALUES (_code);
END $$;

-- The indexes and keys of the live table, under their names, made after it was filled; nothing where they are there.
CREATE OR REPLACE FUNCTION rebuild.index(_model text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  part record;
BEGIN
  IF _model NOT IN ('call', 'call_words', 'trace_ref')
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
CREATE OR REPLACE FUNCTION rebuild.swap() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  model text;
BEGIN
  FOREACH model IN ARRAY ARRAY['call', 'call_words', 'trace_ref'] LOOP
    EXECUTE format('DROP TABLE public.%I', model);
    EXECUTE format('ALTER TABLE rebuild.%I SET SCHEMA public', model);
  END LOOP;
  TRUNCATE rebuild.run, rebuild.chunk, rebuild.seen;
  UPDATE rebuild.swaps SET count = count + 1;
END $$;
