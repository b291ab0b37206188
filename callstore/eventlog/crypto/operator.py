"""Going on as the operator, whose role alone may destroy calls' keys and wrap them anew."""

from urllib.parse import unquote, urlsplit

from django.db import connection

from callstore.base.environment import owner_url_of_up
from callstore.eventlog.crypto import keyring


class NotTheOperator(Exception):
    """This process is connected as somebody who may not. The message says what to do."""


def become_operator() -> None:
    """See that our connection is somebody's who may: that of DATABASE_URL, else beside an `up` the owner's.

    What serves never has that address in its environment: only who may read the data folder finds it. Raises
    NotTheOperator.
    """
    if not keyring.may_destroy():
        become_owner_of_up()
    if not keyring.may_destroy():
        raise NotTheOperator(
            "Only the operator may: set DATABASE_URL to theirs (a member of callstore_operator),"
            " or to that of the tables' owner."
        )


def become_owner_of_up() -> None:
    """Beside an `up` go on as the owner of its tables; anywhere else as who we are."""
    if url := owner_url_of_up():
        whose = urlsplit(url)
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]  # of Postgres's wrapper alone
        connection.settings_dict |= {
            "USER": unquote(whose.username or ""),
            "PASSWORD": unquote(whose.password or ""),
        }
