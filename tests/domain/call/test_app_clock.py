"""The application's clock by what cannot be: sessions that begin before they were offered or dialled."""

from dataclasses import replace

import pytest

from callstore.domain.call.fold import fold
from callstore.domain.facts import events as ev
from callstore.report.report import report
from tests.builders import Story, answered_call, at


def _call(*, offered=True) -> Story:
    """An application that takes the offer at once and sees its socket close as the leg ends."""
    story = answered_call().api("00:18:18.2", "accept").socket_opened("00:18:23.3")
    if not offered:
        story.records = [r for r in story.records if not isinstance(r.event, ev.SessionOffered)]
    story.frame(ev.SessionConfigured, "00:18:23.8", kind="session.created", session="sess_1")
    story.turn("item_1", "00:18:30", "00:18:33", "00:18:23.3", "Hello.").frame(ev.FrameSeen, "00:18:50.9")
    return story.socket_closed("00:18:52.2", 1000, received=1000).dial_action("00:18:52.9")


def _moved(story: Story, by: float) -> list:
    """The application stamps its facts by a clock that is off."""
    return [
        replace(r, occurred=replace(r.occurred, at=r.occurred.at + by)) if r.source == "app" else r
        for r in story.records
    ]


@pytest.mark.parametrize("behind", [600.0, 40.0, 5.0])
@pytest.mark.parametrize("offered", [True, False])
def test_a_session_that_begins_before_it_was_asked_for_has_a_clock_that_is_behind(behind, offered):
    right, told = report(_call(offered=offered).records), report(_moved(_call(offered=offered), -behind))
    assert [a["kind"] for a in told["anomalies"]] == ["app_clock_behind"]
    assert told["app_clock_ahead_s"] == pytest.approx(-behind, abs=1.0)
    assert told["ai_silence_before_end_s"] == pytest.approx(right["ai_silence_before_end_s"], abs=1.0)
    assert told["verdict"] in (right["verdict"], "inconclusive")
    assert told["verdict_confidence"] != "high"


def test_it_names_what_it_rests_on():
    told = report(_moved(_call(), -600.0))
    [anomaly] = told["anomalies"]
    assert "before OpenAI offered it" in anomaly["detail"]
    facts = {r.position: r.event.TYPE for r in _call().records}
    assert [facts[p] for p in anomaly["positions"]] == ["api.called", "session.offered"]


def test_a_close_that_the_clock_put_ten_minutes_before_the_leg_decides_nothing_surely():
    story = _call().api("00:18:51.9", "hangup")
    told = report(_moved(story, -600.0))
    assert (told["verdict"], told["cause"]) == ("app_ended", "app_hangup")
    assert told["verdict_confidence"] == "medium"


@pytest.mark.parametrize("ahead", [40.0, 3600.0])
def test_a_single_stamp_that_is_wrong_moves_nothing_but_itself(ahead):
    right, told = report(_call().records), _call()
    line = ev.AppSaid(what="log", message="cache warmed")
    wrong = told.add(told.records[-1].subject, line, "00:18:40", source="app").records[-1]
    told.records[-1] = replace(wrong, occurred=replace(wrong.occurred, at=wrong.occurred.at + ahead))
    found = report(told.records)
    assert found["app_clock_ahead_s"] == 0.0
    assert [found[name] for name in ("verdict", "ai_silence_before_end_s", "legs", "gaps", "turns")] == [
        right[name] for name in ("verdict", "ai_silence_before_end_s", "legs", "gaps", "turns")
    ]


def test_a_clock_that_is_ahead_is_set_right_though_its_facts_come_in_batches():
    """The last fact of a batch came the fastest; no two batches are alike."""
    batched = [
        replace(r, received_at=max(r.received_at, at("00:18:30") + 10 * (r.position % 4)))
        if r.source == "app"
        else r
        for r in _call().records
    ]
    story = _call()
    story.records = batched
    lags = [r.received_at - r.occurred.at for r in batched if r.source == "app"]
    assert fold(_moved(story, 60.0)).app_ahead_s == pytest.approx(60 - min(lags), abs=0.01)


def test_facts_that_were_held_back_for_an_hour_are_late_and_their_clock_is_right():
    held = [replace(r, received_at=r.received_at + 3600) if r.source == "app" else r for r in _call().records]
    call = fold(held)
    assert (call.app_ahead_s, call.anomalies) == (0.0, [])


def test_a_clock_that_is_behind_and_facts_that_are_late_are_told_apart():
    """The lag is no measure then: the session's beginning is, to some two seconds."""
    held = [replace(r, received_at=r.received_at + 3600) if r.source == "app" else r for r in _call().records]
    story = _call()
    story.records = held
    assert fold(_moved(story, -60.0)).app_ahead_s == pytest.approx(-60, abs=2.0)


def test_a_provider_whose_clock_is_ahead_is_not_the_applications_fault():
    story = _call()
    ahead = [
        replace(r, occurred=replace(r.occurred, at=r.occurred.at + 30))
        if isinstance(r.event, ev.SessionOffered) else r
        for r in story.records
    ]  # fmt: skip
    assert (fold(ahead).app_ahead_s, fold(ahead).anomalies) == (0.0, [])


def test_a_session_of_another_leg_may_begin_before_the_last_was_dialled():
    """Two legs were dialled: of neither is it known that the session needed it."""
    story = _call(offered=False).leg("CA" + "d" * 32, "initiated", "00:19:30", direction="outbound-dial")
    first = [r for r in story.records if r.occurred.at < at("00:18:17.5") or r.occurred.at > at("00:18:18")]
    assert fold(first).app_ahead_s == 0.0
