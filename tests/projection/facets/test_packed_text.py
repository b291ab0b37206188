"""What a call is counted by, as one text: made otherwise since, and the same for every call."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callstore.projection.migrations import __path__ as migrations
from callstore.projection.packed import FACETS

NAMES = ("facet_words", "facet_word", "call_facets")
SETS = ("flags", "findings", "warning_codes", "error_codes")
words = st.text(st.sampled_from("ab-_ é東\x1e\x1f\n'\\%"), max_size=70) | st.sampled_from(["", "x" * 64])
values = {
    **dict.fromkeys(FACETS, st.none() | words),
    **dict.fromkeys(SETS, st.lists(words | st.text("!~aZ09", min_size=1, max_size=3), max_size=25)),
    "untranscribed_caller_speech_s": st.none() | st.floats(-1, 30) | st.sampled_from([0.0, 2.0, 5.0, 15.0]),
    "sip_response_code": st.none() | st.integers(1 - 2**31, 2**31 - 1),
    "ai_close_observed": st.none() | st.booleans(),
}
TYPES = {
    **dict.fromkeys(FACETS, "text"),
    **dict.fromkeys(SETS, "text[]"),
    "untranscribed_caller_speech_s": "float8", "sip_response_code": "integer", "ai_close_observed": "boolean",
}  # fmt: skip


@pytest.fixture(scope="module")
def first(django_db_setup, django_db_blocker):
    """The functions as they first were, under other names."""
    with open(f"{migrations[0]}/../sql/0013_facets.up.sql") as file:
        text = file.read()
    for name in NAMES:
        text = text.replace(f"{name}(", f"first_{name}(")
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(text)
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f"DROP FUNCTION {', '.join(f'first_{name}' for name in reversed(NAMES))}")


@pytest.mark.django_db
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.fixed_dictionaries(values))
def test_a_call_is_packed_as_it_was_before(first, call):
    given_as = ", ".join(f"%s::{TYPES[name]}" for name in FACETS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT call_facets({given_as}), first_call_facets({given_as})",
            [call[name] for name in FACETS] * 2,
        )
        now, before = cursor.fetchone()
    assert now == before


@pytest.mark.django_db
def test_a_restored_dump_finds_all_that_packing_needs(first):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = ''")  # as pg_dump has it
        cursor.execute("SELECT public.facet_fields('{a,b}', '{1,1}'), public.facet_words('{b,a}', 1, 2)")
        assert cursor.fetchone() == ("a\x1fb\x1f", "a\x1eb")
