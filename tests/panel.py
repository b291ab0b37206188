"""The founding call's verdict panel, written into the guide by `python -m tests.panel`."""

import os
import re

from tests.places import ROOT

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callstore.settings")

GUIDE = ROOT / "docs" / "guide.md"
PANEL = re.compile(r"(?<=`manage.py verdict CALL` prints it:\n\n```\n).*?(?=```\n)", re.S)


def founding_panel() -> str:
    """What `manage.py verdict` prints of the founding call once its recording was heard."""
    from dashboard.call.text_report import text_report
    from tests.dashboard.told import told

    return text_report(told("founding_call"))


if __name__ == "__main__":
    import django

    django.setup()
    new = founding_panel()
    GUIDE.write_text(PANEL.sub(lambda _: new, GUIDE.read_text()))
