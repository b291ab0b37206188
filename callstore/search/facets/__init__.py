"""How many calls have which value of a key, exactly up to a bound; and queries edited by such values."""
