"""What status pages write of an incident, by each form that they have, as facts."""

import orjson
import pytest

from callstore.domain.facts.clock import unix
from ingest.dialects import status_page
from ingest.dialects.status_page import NoIncidents

NOON = unix("2026-04-20T12:00:00Z")
OPENAI = "https://status.openai.com/api/v2/incidents.json"
NATIVE = "https://status.openai.com/proxy/status.openai.com/incidents"
# Atlassian Statuspage, API v2, incidents.json and summary.json.
STATUSPAGE = {
    "id": "p31zjtct2jzx",
    "name": "Elevated errors on Realtime",
    "status": "monitoring",
    "impact": "major",
    "created_at": "2026-04-20T14:32:00.000Z",
    "started_at": "2026-04-20T14:18:00.000Z",
    "updated_at": "2026-04-20T15:40:11.250Z",
    "resolved_at": None,
    "shortlink": "https://stspg.io/abc",
    "incident_updates": [{"status": "monitoring", "body": "A fix is in place."}],
}
# incident.io, /proxy/<page>/incidents.
INCIDENT_IO = {
    "id": "01KPNN2V2SMP3TAN3MCJK87W50",
    "type": "incident",
    "name": "Elevated errors on Realtime",
    "status": "resolved",
    "published_at": "2026-04-20T14:32:00Z",
    "component_impacts": [
        {
            "start_at": "2026-04-20T14:18:00Z",
            "end_at": "2026-04-20T15:30:00Z",
            "status": "degraded_performance",
        },
        {
            "start_at": "2026-04-20T14:25:00Z",
            "end_at": "2026-04-20T16:00:00Z",
            "status": "partial_outage",
        },
    ],
    "updates": [
        {"published_at": "2026-04-20T14:32:00Z", "to_status": "investigating"},
        {"published_at": "2026-04-20T16:10:00Z", "to_status": "resolved"},
    ],
}  # fmt: skip
# incident.io, /api/v1/summary: what a page's widget is made of.
WIDGET = {
    "id": "01KQ",
    "name": "Calls do not connect",
    "status": "identified",
    "url": "https://status.acme.com/incidents/01KQ",
    "last_update_at": "2026-04-20T11:58:00Z",
    "current_worst_impact": "full_outage",
}


def read(page, url=OPENAI):
    return status_page.read(orjson.dumps(page), url, NOON)


def one(page, url=OPENAI):
    [entry] = read(page, url).entries
    return entry


def statuspage(**said):
    return {"page": {"name": "OpenAI"}, "incidents": [{**STATUSPAGE, **said}]}


def test_an_incident_of_a_statuspage_is_told_with_its_own_times():
    entry = one(statuspage())
    event = entry.draft.event
    assert (event.provider, event.external_id) == ("openai", "p31zjtct2jzx")
    assert (event.title, event.status, event.impact) == (STATUSPAGE["name"], "monitoring", "major")
    assert event.started_at == unix("2026-04-20T14:18:00Z") and event.ended_at is None
    assert event.url == "https://stspg.io/abc"
    assert entry.draft.occurred.at == unix("2026-04-20T15:40:11.250Z")
    assert entry.draft.subject == "incident:openai:p31zjtct2jzx" and not entry.over
    assert entry.draft.source == "status_page" and orjson.loads(entry.draft.raw) == STATUSPAGE


def test_a_revision_is_known_by_its_moment_and_another_moment_is_another_fact():
    first, again = one(statuspage()), one(statuspage(name="Told in other words"))
    later = one(statuspage(updated_at="2026-04-20T15:41:00Z"))
    assert first.draft.key == again.draft.key != later.draft.key
    assert first.draft.subject == later.draft.subject


def test_the_same_moment_written_otherwise_is_the_same_revision():
    shifted = one(statuspage(updated_at="2026-04-20T08:40:11.250-07:00"))
    assert shifted.draft.key == one(statuspage()).draft.key


def test_an_end_is_that_of_the_impact_and_else_that_of_the_last_word():
    resolved = statuspage(status="resolved", resolved_at="2026-04-20T16:00:00Z")
    assert one(resolved).draft.event.ended_at == unix("2026-04-20T16:00:00Z")
    assert one(resolved).over
    without = statuspage(status="postmortem", resolved_at=None)
    assert one(without).draft.event.ended_at == unix("2026-04-20T15:40:11.250Z")


def test_an_incident_of_incident_io_lies_where_its_components_were_hit_and_not_where_it_was_posted():
    entry = one({"incidents": [INCIDENT_IO]}, NATIVE)
    event = entry.draft.event
    assert (event.provider, event.status, event.impact) == ("openai", "resolved", "partial_outage")
    assert event.started_at == unix("2026-04-20T14:18:00Z")
    assert event.ended_at == unix("2026-04-20T16:00:00Z")
    assert event.url == "https://status.openai.com/incidents/01KPNN2V2SMP3TAN3MCJK87W50"


def test_impacts_that_are_corrected_later_without_a_word_are_another_revision():
    moved = {**INCIDENT_IO, "component_impacts": INCIDENT_IO["component_impacts"][:1]}
    first, second = one({"incidents": [INCIDENT_IO]}, NATIVE), one({"incidents": [moved]}, NATIVE)
    assert first.draft.key != second.draft.key
    assert second.draft.event.ended_at == unix("2026-04-20T15:30:00Z")
    assert one({"incidents": [INCIDENT_IO]}, NATIVE).draft.key == first.draft.key


def test_an_impact_that_goes_on_has_no_end():
    ongoing = {
        **INCIDENT_IO,
        "status": "investigating",
        "component_impacts": [
            INCIDENT_IO["component_impacts"][0],
            {"start_at": "2026-04-20T14:25:00Z", "end_at": None, "status": "full_outage"},
        ],
    }
    page = {
        "summary": {
            "name": "OpenAI",
            "public_url": "https://status.openai.com",
            "ongoing_incidents": [ongoing],
        }
    }
    entry = one(page, "https://status.openai.com/proxy/status.openai.com")
    assert entry.draft.event.ended_at is None and not entry.over
    assert entry.draft.event.impact == "full_outage"


def test_what_a_widget_says_is_enough_for_an_incident():
    page = {"page_title": "Acme", "page_url": "https://status.acme.com", "ongoing_incidents": [WIDGET]}
    event = one(page, "https://status.acme.com/api/v1/summary").draft.event
    assert (event.provider, event.title, event.impact) == ("acme", "Calls do not connect", "full_outage")
    assert event.url == WIDGET["url"]


@pytest.mark.parametrize(
    ("url", "name", "provider"),
    [
        ("https://status.openai.com/api/v2/incidents.json", "Whatever it says", "openai"),
        ("https://status.twilio.com/api/v2/summary.json", "Twilio", "twilio"),
        ("https://www.githubstatus.com/api/v2/incidents.json", "GitHub", "github"),
        ("https://acme.statuspage.io/api/v2/incidents.json", "", "acme"),
        ("https://status.acme.co.jp/api/v2/incidents.json", "", "acme"),
        ("https://statuspage.incident.io/proxy/openai-1/incidents", "", "openai-1"),
        ("http://127.0.0.1:9400/api/v2/incidents.json", "OpenAI", "openai"),
        ("http://localhost/incidents.json", "", "localhost"),
    ],
)
def test_an_incident_is_its_hosts_whatever_the_page_calls_itself(url, name, provider):
    page = {"page": {"name": name}, "incidents": [STATUSPAGE]}
    assert one(page, url).draft.event.provider == provider


def test_maintenance_that_was_announced_is_no_incident():
    announced = {**INCIDENT_IO, "type": "maintenance"}
    page = {**statuspage(), "scheduled_maintenances": [{**STATUSPAGE, "id": "m1", "status": "scheduled"}]}
    assert [entry.draft.event.external_id for entry in read(page).entries] == ["p31zjtct2jzx"]
    assert read({"incidents": [announced]}, NATIVE).entries == ()


@pytest.mark.parametrize("element", [None, 7, [], {}, {"id": ""}, {"id": {"a": 1}, "name": "x"}])
def test_an_entry_without_an_id_is_left_out_and_counted_and_its_neighbours_are_kept(element):
    found = read({"incidents": [element, STATUSPAGE]})
    assert len(found.entries) == 1 and found.unread == 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<!doctype html><title>Status</title>", "an HTML page"),
        (b'<?xml version="1.0"?><rss>', "RSS or Atom"),
        (b"", "nothing"),
        (b"not json", "no JSON"),
        (b"[1, 2]", "no list of incidents"),
        (b'{"status": {"indicator": "none"}}', "no list of incidents"),
        (b'{"incidents": "none"}', "no list of incidents"),
        (b"[" * 5000 + b"]" * 5000, "no JSON"),
        (b'{"incidents": [{"id": NaN}]}', "no JSON"),
    ],
)
def test_what_is_no_feed_is_named(body, said):
    with pytest.raises(NoIncidents, match=said):
        status_page.read(body, OPENAI, NOON)


def test_lies_in_an_entry_cost_the_value_and_not_the_entry():
    lied = statuspage(
        name="x" * 9000, impact=["major"], started_at="yesterday", resolved_at=10**18, updated_at=None,
        shortlink="javascript:alert(1)", status={"a": 1}, component_impacts="many", incident_updates={"a": 2},
    )  # fmt: skip
    event = one(lied).draft.event
    assert len(event.title) == 500 and (event.impact, event.status, event.url) == (None, None, None)
    assert event.started_at == unix("2026-04-20T14:32:00Z") and event.ended_at is None


def test_an_end_before_its_beginning_is_none():
    event = one(statuspage(status="resolved", resolved_at="2026-04-19T00:00:00Z")).draft.event
    assert event.ended_at == unix("2026-04-20T15:40:11.250Z")


def test_of_more_incidents_than_any_page_has_the_first_are_read():
    page = {"incidents": [{**STATUSPAGE, "id": f"i{n}"} for n in range(status_page.MOST + 5)]}
    found = read(page)
    assert len(found.entries) == status_page.MOST and found.cut


def test_an_entry_too_long_to_keep_is_kept_without_its_text():
    draft = one(statuspage(incident_updates=[{"body": "x" * 200_000}])).draft
    assert len(draft.raw) < 1000 and draft.event.title == STATUSPAGE["name"]
