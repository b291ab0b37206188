"""The command line: `manage.py` of a clone, `callstore` of the wheel, `python -m callstore` of both."""

import os
import sys


def main() -> None:
    """Run the command. Ends with one line where a setting, a grant or an outage is in its way."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callstore.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line, load_command_class
    from django.db import OperationalError, ProgrammingError
    from psycopg.errors import InsufficientPrivilege

    name = "callstore" if sys.argv[0] == __file__ else sys.argv[0]  # `python -m` gives the file
    try:
        if sys.argv[1:2] == ["up"]:
            # It starts the others and has no model: with all of Django it would hold twice the memory.
            load_command_class("callstore", "up").run_from_argv([name, *sys.argv[1:]])
        else:
            execute_from_command_line([name, *sys.argv[1:]])
    except ImproperlyConfigured as error:
        sys.exit(f"callstore: {error}")
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None):  # Postgres answered, and that is another matter
            raise
        sys.exit(f"callstore: the database does not answer: {str(error).splitlines()[0]}")
    except ProgrammingError as error:
        if not isinstance(error.__cause__, InsufficientPrivilege):
            raise
        refused = str(error).splitlines()[0]
        sys.exit(
            f"callstore: {refused}: this needs DATABASE_URL of the tables' owner,"
            " or that `manage.py prepare`, run by that owner, grants it to the application's role."
        )


if __name__ == "__main__":
    main()
