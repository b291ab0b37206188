"""People as a provider of logins knows them: by issuer and subject, never by a name that they may change."""

import re
from unicodedata import normalize

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from callstore.people.models import Identity
from callstore.people.who import NOBODYS

UNFIT = re.compile(r"[^\w.@+-]+")
LONGEST_NAME = 140  # and a number behind it


def user_of(issuer: str, subject: str, wanted: str) -> User:
    """The user of a provider's subject. Who comes first is made: a viewer, under the name he wants.

    A name that is taken stays its owner's: the new one has a number behind it.
    """
    known = Identity.objects.select_related("user").filter(issuer=issuer, subject=subject).first()
    if known is not None:
        return known.user
    try:
        with transaction.atomic():
            user = _made(wanted)
            Identity.objects.create(user=user, issuer=issuer, subject=subject)
            return user
    except IntegrityError:  # the same person, twice in this moment
        return Identity.objects.select_related("user").get(issuer=issuer, subject=subject).user


def _made(wanted: str) -> User:
    users, number = get_user_model()._default_manager, 1
    fit = UNFIT.sub("-", normalize("NFKC", wanted)).strip("-")[:LONGEST_NAME] or "somebody"
    name = fit
    while name.casefold() in NOBODYS or users.filter(username__iexact=name).exists():
        number += 1
        name = f"{fit}-{number}"
    return users.create_user(name)  # without a password
