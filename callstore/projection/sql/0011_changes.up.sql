-- Which rows of `call` were written or removed of late, so that pages that are open learn of it. Ids alone: no word and
-- no number of anybody. In the transaction of the save itself; trimmed after a quarter of an hour.
CREATE TABLE call_change (
  number      bigint      GENERATED ALWAYS AS IDENTITY,
  transaction xid8        NOT NULL DEFAULT pg_current_xact_id(),
  changed_at  timestamptz NOT NULL DEFAULT now(),
  call_id     uuid        -- NULL: any call may have changed
);
CREATE INDEX call_change_by_transaction ON call_change (transaction, number);
