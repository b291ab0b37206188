"""Two calls by page and by API: any ids, a default for the second, and errors that say which is missing."""

import re
from html import unescape

import pytest

from dashboard.export.masking import masked_address
from tests.dashboard.api.problem import problem
from tests.dashboard.documents import put_call
from tests.dashboard.told import told

pytestmark = pytest.mark.django_db

API = "/api/v1/compare"
VERSION = {"agent_name": "booking", "agent_version": "2026.04.1"}


@pytest.fixture
def founding():
    return put_call(**{**told("founding_call"), **VERSION})


@pytest.fixture
def good():
    fields = {"started_at": "2026-04-12T10:00:00Z", "verdict": "natural_end", "child_duration_s": 41.5}
    return put_call(**{**fields, **VERSION})


def text(answer):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def test_by_default_a_call_is_compared_with_the_last_natural_end_of_its_version(api, reader, founding, good):
    compared = api.get(API, {"a": founding}).json()
    assert (compared["a"]["call_id"], compared["b"]["call_id"]) == (str(founding), str(good))
    assert compared["b_by_default"] is True and compared["a"]["aligned_by"] == "ai_leg_answered"
    page = reader.get("/compare", {"a": founding})
    assert page.status_code == 200 and "chosen as the last natural end of this agent’s version" in text(page)


def offered(page):
    """The groups of calls to choose from, and of each the calls that the page compares with."""
    groups = re.findall(r"<h3>(.*?)</h3>\s*<ul>(.*?)</ul>", page.content.decode(), re.S)
    return {re.sub(r"<[^>]+>", "", title).strip(): re.findall("&amp;b=([0-9a-f-]{36})", calls)
            for title, calls in groups}  # fmt: skip


def test_without_a_natural_end_of_the_version_near_calls_are_offered_to_choose(reader, founding):
    at = told("founding_call")["started_at"]
    later = put_call(started_at=at.replace("00:17", "00:40"), verdict="natural_end", agent_name="booking")
    before = put_call(
        started_at=at.replace("00:17", "00:05"), verdict="natural_end", agent_name="booking",
        agent_version="2026.03.9",
    )  # fmt: skip
    sibling = put_call(started_at=at.replace("00:17", "00:30"), verdict="ai_deaf", **VERSION)
    put_call(started_at=at.replace("00:17", "00:31"), verdict="live", **VERSION)
    put_call(started_at=at.replace("00:17", "00:32"), verdict="natural_end", agent_name="sales")
    page = reader.get("/compare", {"a": founding})
    assert page.status_code == 200 and "Choose the other call" in text(page)
    assert offered(page) == {
        "Natural ends of the agent booking": [str(before), str(later)],
        "Other calls of booking 2026.04.1": [str(sibling)],
    }
    chosen = reader.get("/compare", {"a": founding, "b": sibling})
    assert "Numbers" in text(chosen) and "Choose the other call" not in text(chosen)
    lost = reader.get("/compare", {"a": founding, "b": "rtc_none"})
    assert lost.status_code == 404 and "Natural ends of the agent booking" in offered(lost)


def test_of_an_agent_who_had_no_other_call_the_nearest_natural_ends_of_any_are_offered(reader, founding):
    other = put_call(started_at="2026-04-13T03:00:00Z", verdict="natural_end", agent_name="sales")
    assert offered(reader.get("/compare", {"a": founding})) == {"Natural ends of any agent": [str(other)]}


def test_either_is_named_by_any_of_its_ids(api, founding, good):
    sid = told("founding_call")["child_call_sid"]
    compared = api.get(API, {"a": good, "b": sid}).json()
    assert compared["b"]["call_id"] == str(founding) and compared["b_by_default"] is False
    durations = next(each for each in compared["numbers"] if each["name"] == "child_duration_s")
    assert durations["difference"] == pytest.approx(41.5 - durations["b"])


def test_the_page_has_lanes_numbers_settings_and_evidence_of_both_without_a_script(reader, founding, good):
    page = reader.get("/compare", {"a": founding, "b": good})
    html = page.content.decode()
    numbers = text(page).partition("Numbers")[2]
    assert "Child leg 29 s 41.5 s -12.5 s" in numbers
    assert re.search(r"Caller's share of the talk \d\d %", numbers)
    assert "<rect" in html and "<script" not in html.partition("<main")[2].partition("</main>")[0]
    assert "style=" not in html
    shown = (
        "Numbers",
        "Settings",
        "Evidence",
        "Table of marks",
        "Child leg",
        "not known",
        "Swap A and B",
    )
    assert [words for words in shown if words not in text(page)] == []


@pytest.mark.parametrize(
    ("ids", "side"),
    [({"a": "CA" + "9" * 32}, "a"), ({"a": "x"}, "a"), ({"b": "rtc_none"}, "b"), ({"b": ""}, "b")],
)
def test_a_call_that_is_not_there_is_named(api, reader, founding, ids, side):
    asked = {"a": str(founding), **ids}
    wrong = problem(api.get(API, asked), 404)
    assert wrong["side"] == side
    page = reader.get("/compare", asked)
    assert page.status_code == (200 if asked[side] == "" else 404) and wrong["detail"] in text(page)
    assert 'id="b"' in page.content.decode()


def test_a_call_without_related_ones_leads_to_a_comparison_too(reader):
    alone = put_call(started_at="2019-01-01T00:00:00Z", agent_name="lonely", agent_version="1")
    assert f'href="/compare?a={alone}"' in reader.get(f"/calls/{alone}").content.decode()


def test_without_ids_the_page_asks_for_them_and_the_api_says_what_it_takes(api, reader):
    assert "Which call shall be compared?" in text(reader.get("/compare"))
    problem(api.get(API), 422)


def test_strangers_compare_nothing(stranger, founding):
    problem(stranger.get(API, {"a": founding}), 401)
    assert stranger.get("/compare", {"a": founding})["Location"].startswith("/login/?next=/compare")


def test_words_of_a_call_and_of_an_address_are_text(reader, founding):
    other = put_call(started_at="2026-04-12T10:00:00Z", agent_name="<b>x", agent_version='"><i>')
    page = reader.get("/compare", {"a": founding, "b": other}).content.decode()
    assert "<b>x" not in page and "&lt;b&gt;x" in page and '"><i>' not in page
    assert "<img" not in reader.get("/compare", {"a": '"><img src=x>'}).content.decode().partition("<main")[2]


@pytest.mark.parametrize("number", ["+815055509876", "0815055509876", "sip:alice@example.com"])
def test_the_number_called_is_masked_on_the_page_and_by_the_api(api, reader, good, number):
    called = put_call(**{**told("founding_call"), **VERSION, "to": number})
    ids = {"a": called, "b": good}
    assert number not in reader.get("/compare", ids).content.decode()
    settings = {each["name"]: each for each in api.get(API, ids).json()["settings"]}
    assert settings["to"]["a"] == masked_address(number) != number
