"""What is kept of saved views: who sees and edits which, slugs that stay, and nothing overwritten unseen."""

import pytest

from callstore.people import saved_views, seeds
from callstore.people.models import SavedView, Star
from callstore.people.saved_views import Actor
from callstore.search.compile import where
from tests.dashboard.calls.listed import START

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(django_user_model):
    users = [django_user_model.objects.create_user(name) for name in ("otto", "olga", "admin")]
    return [Actor(user.pk, user.username == "admin") for user in users]


def slugs(actor):
    return {each.view.slug for each in saved_views.visible(actor)}


def test_an_installation_begins_with_seven_views_of_the_team_that_nobody_owns(people):
    if not SavedView.objects.exists():  # a test that empties all tables was before this one
        seeds.plant(SavedView)
    planted = SavedView.objects.filter(owner=None, team=True)
    assert {(view.slug, view.name) for view in planted} == {(s.slug, s.name) for s in seeds.SEEDS}
    assert len(seeds.SEEDS) == 7 and slugs(people[0]) == {seed.slug for seed in seeds.SEEDS}


@pytest.mark.parametrize("seed", seeds.SEEDS, ids=lambda seed: seed.slug)
def test_each_of_the_seven_asks_what_the_language_knows(seed):
    where(seed.q, START)


def test_planting_again_changes_nothing_that_somebody_changed(people):
    seeds.plant(SavedView)
    SavedView.objects.filter(slug="live-now").update(name="Now")
    seeds.plant(SavedView)
    assert SavedView.objects.get(slug="live-now").name == "Now"


def test_a_private_view_is_seen_by_its_owner_and_a_shared_one_by_all(people):
    otto, olga, admin = people
    mine = saved_views.create(otto, "Mine", {"q": "is:live"})
    ours = saved_views.create(otto, "Ours", {"team": True})
    assert {mine.view.slug, ours.view.slug} <= slugs(otto)
    assert slugs(olga) & {mine.view.slug, ours.view.slug} == {ours.view.slug}
    assert saved_views.find(mine.view.slug, olga) is None
    assert not saved_views.find(ours.view.slug, olga).editable
    assert saved_views.find(ours.view.slug, otto).editable
    assert saved_views.find(mine.view.slug, admin).editable
    assert saved_views.find("with\0nul", otto) is None


def test_a_program_shares_what_nobody_owns_and_sees_no_private_view_in_its_list(people):
    mine = saved_views.create(people[0], "Mine", {})
    program = Actor(None, admin=True)
    made = saved_views.create(program, "Night report", {"team": False})
    assert mine.view.slug not in slugs(program) and made.view.slug in slugs(program)
    assert made.view.slug not in slugs(people[0])


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Cut off, Tōkyō!", "cut-off-tōkyō"), ("切れた通話", "切れた通話"), ("…", "view"), ("x" * 80, "x" * 60)],
)
def test_a_slug_is_readable_and_made_of_the_name(people, name, slug):
    assert saved_views.create(people[0], name, {}).view.slug == slug


def test_views_of_one_name_have_slugs_of_their_own_that_a_new_name_does_not_change(people):
    made = [saved_views.create(people[0], "Cut off", {}).view for _ in range(3)]
    assert [view.slug for view in made] == ["cut-off", "cut-off-2", "cut-off-3"]
    saved_views.change(made[1], {"name": "Something else"})
    assert saved_views.find("cut-off-2", people[0]).view.name == "Something else"


def test_a_change_of_a_version_that_is_past_is_refused_and_nothing_is_lost(people):
    view = saved_views.create(people[0], "Cut off", {"q": "is:truncated"}).view
    saved_views.change(view, {"q": "is:live"}, version=1)
    with pytest.raises(saved_views.Changed):
        saved_views.change(view, {"q": "sip:200"}, version=1)
    with pytest.raises(saved_views.Changed):
        saved_views.delete(view, version=1)
    kept = saved_views.find("cut-off", people[0]).view
    assert (kept.q, kept.version) == ("is:live", 2)
    saved_views.delete(view, version=2)
    with pytest.raises(saved_views.Changed):
        saved_views.change(view, {"q": ""})


def test_a_star_is_a_persons_own_and_pinned_views_come_first(people):
    otto, olga, _ = people
    saved_views.create(otto, "A", {"team": True})
    last = saved_views.create(otto, "Z", {"team": True}).view
    for _ in range(2):
        saved_views.star(last, olga, on=True)
    assert saved_views.visible(olga)[0].view == last and saved_views.visible(olga)[0].starred
    assert not any(each.starred for each in saved_views.visible(otto))
    saved_views.star(last, olga, on=False)
    saved_views.star(last, Actor(None, admin=True), on=True)
    assert not Star.objects.exists()


def test_a_person_keeps_so_many_views_and_no_more(people, monkeypatch):
    monkeypatch.setattr(saved_views, "MOST_OWNED", 1)
    saved_views.create(people[0], "One", {})
    with pytest.raises(saved_views.TooMany):
        saved_views.create(people[0], "Two", {})
    saved_views.create(people[1], "Another's", {})


def test_what_a_person_shared_outlives_him_and_his_pins_do_not(people, django_user_model):
    view = saved_views.create(people[0], "Ours", {"team": True}).view
    saved_views.star(view, people[0], on=True)
    django_user_model.objects.get(pk=people[0].id).delete()
    assert saved_views.find("ours", people[1]).owner is None and not Star.objects.exists()
