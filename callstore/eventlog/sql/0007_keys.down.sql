DROP FUNCTION log.rewrap_keys(uuid[], bytea[], bytea[]);
DROP FUNCTION log.destroy_keys(uuid[], text);
DROP TRIGGER only_destroyed_or_wrapped_anew ON log.call_key;
DROP FUNCTION log.refuse_other_change();
