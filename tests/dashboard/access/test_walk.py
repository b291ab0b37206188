"""Every page of the table of permissions, opened in a real browser by each role and by nobody.

What may be seen opens without a complaint on the console and breaks no rule of accessibility; what may not
says so in a page of its own; whoever may not see numbers sees none, wherever he looks.
"""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from callstore.alerts import keeping
from callstore.alerts.terms import Terms
from callstore.people import accounts, shares
from callstore.people.who import ROLES
from callstore.projection import queries
from dashboard.access import table
from dashboard.access.table import HOLDERS, PAGES
from tests.dashboard.access.whole import CALLED, CALLER, a_call_with_numbers
from tests.dashboard.browser import MEANT, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Asked for by scripts, or leading elsewhere: parts of pages, a stream, sound, single sign-on that is off.
NO_PAGES = table.BY_SCRIPT | {
    "calls/count", "calls/steps", "ingest/doctor", "live", "login/oidc", "login/oidc/callback",
    "share/<str:token>/audio/<str:recording>",
}  # fmt: skip
WIDE, NARROW = (1440, 900), (390, 844)
# At which size the rules are asked, in turns in the light and in the dark: each page in both.
RULED = {"viewer": NARROW, "admin": WIDE}


@pytest.fixture
def paths():
    """Each page's path, of a call, an event, an alert and a link that are there."""
    call = a_call_with_numbers()
    document = queries.find(call)
    alert = keeping.create(Terms("Cut off", "is:truncated"), "ada")
    token = shares.make(call, "ada", 3600).token
    known = {
        "<str:id>": call,
        "<int:position>": str(document["last_position"]),
        "<int:id>": str(alert.id),
        "<str:token>": token,
    }
    found = {}
    for route in (route for route, methods in PAGES.items() if "GET" in methods and route not in NO_PAGES):
        path = route
        for written, value in known.items():
            path = path.replace(written, value)
        assert "<" not in path, f"give an example of what stands in {route}"
        found[route] = f"/{path}"
    found["compare"] += f"?a={call}&b={call}"
    found["ingest/events"] += "?source=twilio_callbacks&kind=ahead"
    return found


@pytest.fixture
def opened(browser, live_server):
    """Opens a window of a size for a role, None for nobody; closes all at the end."""
    contexts = []

    def page(role, size):
        viewport = dict(zip(("width", "height"), size, strict=True))
        context = browser.new_context(base_url=live_server.url, viewport=viewport)
        contexts.append(context)
        if role:
            client = Client()
            user = User.objects.filter(username=role).first() or accounts.make(role, role, None)
            client.force_login(user)
            cookie = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        return context.new_page()

    yield page
    for context in contexts:
        context.close()


def looked_at(page, path, rules):
    """What is wrong with a page (on its console, by the rules, in its width), its status and its text."""
    said = []

    def keep(each):
        if each.type in ("error", "warning") and not MEANT.search(each.text):
            said.append(each.text)

    page.on("console", keep)
    answer = page.goto(path)
    assert page.locator("main").count() == 1, f"{path} is no page: is it one of NO_PAGES?"
    if rules:
        said += filter(None, [violations(page)])
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        said.append("wider than its window")
    page.remove_listener("console", keep)
    return said, answer.status, page.content()


@pytest.mark.parametrize("role", ROLES)
def test_a_role_sees_each_page_that_the_table_promises_it_and_is_told_of_every_other(role, paths, opened):
    wrongs = []
    for size in (WIDE, NARROW) if role in RULED else (WIDE,):
        page = opened(role, size)
        for number, (route, path) in enumerate(paths.items()):
            page.emulate_media(color_scheme="dark" if (number + (size is WIDE)) % 2 else "light")
            permission = PAGES[route]["GET"]
            promised = permission == "open" or role in HOLDERS[permission].roles
            ruled = RULED.get(role) is size and (promised or route == "settings/audit")
            wrong, status, text = looked_at(page, path, ruled)
            if status != (200 if promised else 403) or promised is ("You may not see this" in text):
                wrong.append(f"answers {status}")
            if role not in HOLDERS["numbers"].roles:
                wrong += [f"shows {each}" for each in (CALLER, CALLED) if each[1:] in text]
            wrongs += [(path, size, each) for each in wrong]
    assert wrongs == []


def test_nobody_is_shown_the_login_and_what_was_shared(paths, opened):
    page, wrongs = opened(None, NARROW), []
    for route, path in paths.items():
        is_open = PAGES[route]["GET"] == "open"
        wrong, status, text = looked_at(page, path, is_open)
        if status != 200 or (is_open and route != "login/" and "Log in" in text):
            wrong.append(f"answers {status}")
        if not is_open and "/login/?next=" not in page.url:
            wrong.append(f"leads to {page.url}")
        wrong += [f"shows {each}" for each in (CALLER, CALLED) if each[1:] in text]
        wrongs += [(path, each) for each in wrong]
    assert wrongs == []
