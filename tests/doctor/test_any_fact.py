"""No word in no fact keeps the doctor from looking."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callstore.doctor.examination import ExaminedCall, Sample, Setup, as_json, diagnoses
from callstore.domain.call.fold import fold
from callstore.findings.rule import case
from tests.builders import at, rich_story
from tests.hostile.facts import records

ANY = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)


@ANY
@given(st.lists(records(), min_size=1, max_size=8), st.booleans())
def test_whatever_came_is_examined(odd, in_a_call):
    facts = [*(rich_story().records if in_a_call else ()), *odd]
    call = ExaminedCall("c", case(fold(facts)), facts)
    for diagnosis in diagnoses(Sample([call], Setup(now=at("23:00:00")))):
        told = as_json(diagnosis)
        assert all(told[name] for name in ("key", "severity", "title", "why", "paste"))
