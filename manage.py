#!/usr/bin/env python
"""Django's command line."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callstore.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line, load_command_class
    from django.db import ProgrammingError
    from psycopg.errors import InsufficientPrivilege

    try:
        if sys.argv[1:2] == ["up"]:
            # It starts the others and has no model: with all of Django it would hold twice the memory.
            load_command_class("callstore", "up").run_from_argv(sys.argv)
        else:
            execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"callstore: {error}")
    except ProgrammingError as error:
        if not isinstance(error.__cause__, InsufficientPrivilege):
            raise
        refused = str(error).splitlines()[0]
        sys.exit(
            f"callstore: {refused}: this needs DATABASE_URL of the tables' owner,"
            " or that `manage.py prepare`, run by that owner, grants it to the application's role."
        )
