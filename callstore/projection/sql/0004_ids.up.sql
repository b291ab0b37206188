-- Every whole id that is a value in a call's document, as callstore/domain/facts/ids.py knows one. The default stays:
-- what an older worker writes lacks its ids until it is folded again, and hinders nobody.
ALTER TABLE call ADD COLUMN ids text[] NOT NULL DEFAULT '{}';
