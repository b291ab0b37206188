"""Names of logins: no stranger's, no command's, and none that reads as another's."""

import pytest
from django.contrib.auth.models import User

from callstore.people import accounts
from callstore.people.identities import user_of
from dashboard.login.backends import ProxyUsers

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("wanted", ["olga", "OLGA", "ｏｌｇａ", "ｏｌｇａ "])
def test_a_provider_s_person_gets_no_name_that_reads_as_a_login_s(wanted):
    User.objects.create_user("olga")
    made = user_of("https://id.example", "somebody", wanted)
    assert made.username.casefold() == "olga-2"
    assert user_of("https://id.example", "somebody", wanted) == made


@pytest.mark.parametrize("name", ["stranger", "Stranger", "manage.py", "command"])
def test_nobody_is_called_as_the_audit_calls_who_has_no_login(name):
    assert user_of("https://id.example", name, name).username.casefold() == f"{name.casefold()}-2"
    with pytest.raises(accounts.Unwanted, match="taken"):
        accounts.make(name, "viewer", None)
    assert ProxyUsers().authenticate(None, remote_user=name) is None
