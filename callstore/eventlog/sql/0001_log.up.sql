-- The log: what happened, kept for ever. Nothing here is ever updated but head (the list of work to do)
-- and call_key (destroyed to erase a call). Every unique key holds the column that would distribute the table.
CREATE SCHEMA log;

CREATE TABLE log.event (
  bucket          date        NOT NULL CHECK (extract(day FROM bucket) = 1),  -- month in which the call began
  trace_id        uuid        NOT NULL,
  subject         text        COLLATE "C" NOT NULL,   -- twilio:CA…, openai:rtc_…
  source          text        COLLATE "C" NOT NULL,   -- who told us
  dedup_key       text        COLLATE "C" NOT NULL,   -- made from the fact, never from the delivery
  position        bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,  -- unique, with gaps, in no order
  epoch           smallint    NOT NULL DEFAULT 1,     -- which cluster gave out the xid
  xid             xid8        NOT NULL DEFAULT pg_current_xact_id(),
  type            text        NOT NULL,
  schema_version  smallint    NOT NULL,
  occurred_at     timestamptz NOT NULL,
  clock           smallint    NOT NULL,               -- whose: callstore.domain.clock.Clock
  precision_ms    integer     NOT NULL,
  received_at     timestamptz NOT NULL,               -- given by the writer, since the digest covers it
  source_sequence bigint,
  refs            text[]      NOT NULL,               -- 'rule=id' of every other id the fact mentions
  facts           jsonb       NOT NULL,               -- free of personal data
  personal        bytea,                              -- AES-GCM(JSON) under the call's key; null when there is none
  body            bytea       NOT NULL,               -- AES-GCM(zstd(the delivery as it came))
  mac             bytea       NOT NULL CHECK (octet_length(mac) = 32),      -- of the content, under the call's key
  row_sha         bytea       NOT NULL CHECK (octet_length(row_sha) = 32),  -- of everything the writer wrote
  PRIMARY KEY (bucket, trace_id, subject, source, dedup_key)
) PARTITION BY RANGE (bucket);

-- The feed, behind its fence: ORDER BY e.epoch, e.xid, e.position.
CREATE INDEX event_feed ON log.event (epoch, xid, position);
-- One event by its position, rarely asked. A btree would cost every append; rows lie nearly in this order anyway.
CREATE INDEX event_position ON log.event USING brin (position) WITH (autosummarize = on, pages_per_range = 16);

-- Where a subject's events live. First sight wins, so writers cache it after commit.
CREATE TABLE log.stream (
  subject    text        COLLATE "C" PRIMARY KEY,
  trace_id   uuid        NOT NULL,
  bucket     date        NOT NULL CHECK (extract(day FROM bucket) = 1),
  key_id     uuid        NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX stream_trace ON log.stream (trace_id);

-- The data key of each call, wrapped by LOG_KEY.
CREATE TABLE log.call_key (
  key_id       uuid        PRIMARY KEY,
  wrapped      bytea,
  created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  destroyed_at timestamptz,
  reason       text,
  CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);

-- The same key with other content: never dropped in silence, never stored twice.
CREATE TABLE log.conflict (
  bucket      date        NOT NULL,
  trace_id    uuid        NOT NULL,
  subject     text        COLLATE "C" NOT NULL,
  source      text        COLLATE "C" NOT NULL,
  dedup_key   text        COLLATE "C" NOT NULL,
  mac         bytea       NOT NULL,
  type        text        NOT NULL,
  received_at timestamptz NOT NULL,
  body        bytea       NOT NULL,
  PRIMARY KEY (bucket, trace_id, subject, source, dedup_key, mac)
);

-- What is to be projected: version moves in the statement that appends, done follows.
CREATE TABLE log.head (
  trace_id uuid        PRIMARY KEY,
  bucket   date        NOT NULL,
  version  bigint      NOT NULL DEFAULT 0,
  done     bigint      NOT NULL DEFAULT 0,
  since    timestamptz NOT NULL,
  lease    timestamptz NOT NULL DEFAULT '-infinity',
  attempts smallint    NOT NULL DEFAULT 0,
  error    text
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);
CREATE INDEX head_dirty ON log.head (since) WHERE version > done;

-- The home of a subject, opened if it has none. A relative (parent leg, SIP leg) shares its home with it: whichever
-- of the two is met first. Two that already have homes keep them; the projection joins them.
CREATE FUNCTION log.open_stream(_subject text, _relative text, _trace uuid, _bucket date, _key uuid, _wrapped bytea)
RETURNS TABLE (trace_id uuid, bucket date, key_id uuid, wrapped bytea) LANGUAGE plpgsql AS $$
DECLARE
  home log.stream;
  one  text;
  mine boolean;
BEGIN
  IF NOT EXISTS (SELECT FROM log.stream s WHERE s.subject = _subject) THEN
    SELECT * INTO home FROM log.stream s WHERE s.subject = _relative;
    -- Sorted, so that two writers meeting the pair from either side wait for each other and never deadlock.
    FOREACH one IN ARRAY ARRAY[least(_subject, _relative), greatest(_subject, _relative)] LOOP
      mine := home.trace_id IS NULL;
      INSERT INTO log.stream (subject, trace_id, bucket, key_id)
      VALUES (one, coalesce(home.trace_id, _trace), coalesce(home.bucket, _bucket), coalesce(home.key_id, _key))
      ON CONFLICT DO NOTHING;
      IF FOUND AND mine THEN
        INSERT INTO log.call_key (key_id, wrapped) VALUES (_key, _wrapped);
      END IF;
      SELECT * INTO home FROM log.stream s WHERE s.subject = one;
    END LOOP;
  END IF;
  RETURN QUERY
    SELECT s.trace_id, s.bucket, s.key_id, k.wrapped
    FROM log.stream s JOIN log.call_key k ON k.key_id = s.key_id WHERE s.subject = _subject;
END $$;
