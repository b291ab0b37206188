"""The drawing of a call's lanes: well formed, escaped, and as the timeline has them."""

from xml.etree import ElementTree

from django.template.loader import render_to_string

from dashboard.call.timeline import timeline
from dashboard.hand_over.drawing import NAMES, WIDTH, drawing
from tests.dashboard.told import told

HOSTILE = "</text><script>alert(1)</script>\x1f\x00&\"'"


def rendered(document):
    shown = {"drawing": drawing(timeline(document)), "standalone": True, "style": ""}
    return render_to_string("dashboard/hand_over/timeline.svg", shown)


def test_every_lane_is_drawn_with_its_marks_or_its_reason():
    document = told("founding_call")
    axis, drawn = timeline(document), drawing(timeline(document))
    assert [lane.name for lane in drawn.lanes] == [lane["name"] for lane in axis["lanes"]]
    assert all(lane.bars or lane.reason for lane in drawn.lanes)
    assert all(NAMES <= bar.x <= bar.x + bar.width <= WIDTH for lane in drawn.lanes for bar in lane.bars)


def test_words_that_are_markup_or_no_xml_at_all_stay_words():
    document = told("founding_call")
    for turn in document["turns"]:
        turn["text"] = HOSTILE
    drawn = rendered(document)
    assert "<script" not in drawn
    titles = [each.text for each in ElementTree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}title")]
    assert any("<script>alert(1)</script>" in title for title in titles)
