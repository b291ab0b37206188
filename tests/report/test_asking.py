"""When Twilio is to be asked about a call, and when not: a function of its facts, without a clock."""

import pytest

from callstore.domain.call.fold import fold
from callstore.domain.facts.events import (
    ConferenceChanged,
    DialFinished,
    FlowAnswered,
    LegStatus,
    LegSummarised,
    TwilioAsked,
)
from callstore.report.sources.asking import next_step
from tests.builders import CHILD, PARENT, Story, at, clock

P, C = f"twilio:{PARENT}", f"twilio:{CHILD}"


def told(subject, status, when, **fields):
    return subject, LegStatus(status=status, **fields), when


def story(*facts):
    """A call that was answered and dialled the AI; then these facts."""
    began = [
        told(P, "in-progress", "00:17:52", direction="inbound"),
        told(C, "in-progress", "00:18:23", direction="outbound-dial", parent=PARENT, called="sip:x"),
    ]
    made = Story()
    for subject, event, when in [*began, *facts]:
        made.add(subject, event, when, source="operator" if isinstance(event, TwilioAsked) else "twilio")
    return made


def steps(made):
    """What is asked in its order, where each asking fails to bring anything new, and when."""
    found = []
    while (step := next_step(fold(made.records))) and len(found) < 20:
        when = clock(int(step.at - at("00:00:00"))).removesuffix(".000")
        found.append((step.name, when, step.attempt))
        made.add(P, TwilioAsked(step=step.name, attempt=step.attempt, found=0), when, source="operator")
    return found


PARENT_ENDED = told(P, "completed", "00:18:52", duration_s=60)
CHILD_ENDED = told(C, "completed", "00:18:52", duration_s=29)
DIALLED = (
    P,
    DialFinished(path="/dial", status="in-progress", child=CHILD, dial_status="completed"),
    "00:18:52",
)
AFTER = [("insights_partial", "00:28:52", 1), ("events", "00:33:52", 1), ("insights", "00:53:52", 1)]


def test_a_whole_call_is_asked_about_once_for_each_thing_that_comes_late():
    assert steps(story(PARENT_ENDED, CHILD_ENDED)) == AFTER


def test_a_parent_that_ended_without_its_child_is_asked_about_after_thirty_seconds():
    assert steps(story(PARENT_ENDED)) == [("parent_ended", "00:19:22", 1), *AFTER]


def test_a_parent_that_ended_and_dialled_somebody_unknown_is_asked_about_too():
    made = Story()
    made.add(P, LegStatus(status="in-progress", direction="inbound"), "00:17:52")
    made.add(P, FlowAnswered(path="/", asked="voice", verbs=("Dial", "Sip")), "00:17:53")
    made.add(*PARENT_ENDED)
    assert steps(made)[0] == ("parent_ended", "00:19:22", 1)


def test_a_dial_action_without_the_childs_end_is_asked_about_after_a_minute():
    assert steps(story(DIALLED))[0][:2] == ("dial_ended", "00:19:52")


def test_a_summary_that_names_the_side_spares_the_asking_for_insights():
    named = [
        (leg, LegSummarised(processing="complete", disconnected_by="callee"), "00:20:00") for leg in (P, C)
    ]
    assert [name for name, *_ in steps(story(PARENT_ENDED, CHILD_ENDED, *named))] == ["events"]


def test_a_leg_that_nobody_ever_finished_is_asked_about_for_a_day_and_ever_more_seldom():
    made = story()
    asked = steps(made)
    assert {name for name, *_ in asked} == {"unfinished"}
    assert [attempt for *_, attempt in asked] == [1, 2, 3, 4, 5, 6, 7]
    moments = [a.seen.at.at - at("00:18:23") for a in fold(made.records).asked_of_twilio]
    waits = [round(later - sooner) for sooner, later in zip([0, *moments], moments, strict=False)]
    assert waits == sorted(waits) and moments[-1] < 24 * 3600


def test_a_leg_in_a_conference_that_nobody_finished_is_asked_about_for_a_day_though_the_caller_left():
    made = Story()
    made.add(*told(P, "in-progress", "00:17:52", direction="inbound"))
    made.add(*told(C, "in-progress", "00:18:23", direction="outbound-api", called="sip:x"))
    for leg in (P, C):
        made.add(leg, ConferenceChanged(conference="CF" + "1" * 32, what="joined"), "00:18:24")
    made.add(*PARENT_ENDED)
    asked = steps(made)
    assert asked[0] == ("parent_ended", "00:19:22", 1)
    assert [name for name, *_ in asked[1:]] == ["unfinished"] * 7


@pytest.mark.parametrize("failures", [1, 2, 3, 4])
def test_a_step_that_failed_is_tried_again_three_times_and_no_more(failures):
    failed = [TwilioAsked(step="events", attempt=n, found=0, failure="500") for n in range(1, failures + 1)]
    asked = [(P, event, f"00:3{event.attempt + 3}:00") for event in failed]
    others = [TwilioAsked(step=name, attempt=1, found=0) for name in ("insights", "insights_partial")]
    done = [(P, event, "00:54:00") for event in others]
    step = next_step(fold(story(PARENT_ENDED, CHILD_ENDED, *asked, *done).records))
    waits = {1: 60, 2: 300, 3: 900}
    assert (step and step.at - at(f"00:3{failures + 3}:00")) == waits.get(failures)


def test_a_call_of_which_only_openai_told_is_asked_about_by_the_leg_in_its_headers():
    made = Story().offered("00:18:20")
    step = next_step(fold(made.records))
    assert step is not None and step.name == "unfinished"


def test_without_a_leg_there_is_nobody_to_ask():
    assert next_step(fold([])) is None
