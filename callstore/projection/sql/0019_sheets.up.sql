-- The calls that began in six hours, counted by all that adds up: counts alone, no word and no id of anybody.
CREATE TABLE call_sheet (
  period  timestamptz PRIMARY KEY,          -- when the six hours begin, a multiple of them in UTC
  form    text        NOT NULL,             -- of the statement that counted
  made_at timestamptz NOT NULL DEFAULT now(),
  calls   integer     NOT NULL,
  body    json        NOT NULL
);
-- That calls of a period changed half a day or more after they began, in the transaction that changed them.
CREATE TABLE call_sheet_late (
  period   timestamptz NOT NULL,
  noted_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX call_sheet_late_by_period ON call_sheet_late (period, noted_at);
