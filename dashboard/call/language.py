"""Which language words are in, where their script says it plainly. Pure."""

import re
from collections.abc import Iterable

# Scripts that one language of telephone calls writes alone (unicode.org/standard/supported.html).
SCRIPTS = {
    "ja": re.compile("[\u3040-\u30ff\uff66-\uff9d]"),
    "ko": re.compile("[\u1100-\u11ff\uac00-\ud7af]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
    "el": re.compile("[\u0370-\u03ff]"),
    "he": re.compile("[\u0590-\u05ff]"),
}
TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
HAN = re.compile("[\u3400-\u9fff]")


def language(text: str, beside: str | None = None) -> str | None:
    """The BCP 47 tag of a text, None where letters alone do not tell.

    Han characters are of several languages: alone they are of the one that was found `beside` them.
    """
    for tag, script in SCRIPTS.items():
        if script.search(text):
            return tag
    return beside if beside == "ja" and HAN.search(text) else None


def common_language(texts: Iterable[str]) -> str | None:
    """The first language that is found in any of the texts."""
    return next((tag for text in texts if (tag := language(text))), None)


def known_language(told: Iterable[str]) -> str | None:
    """The one language that all these BCP 47 tags are of, None where there are several or none.

    Of English nothing has to be said, which is the page's own, and a language with a script of its own is
    told by each text itself.
    """
    found = {tag.partition("-")[0].lower() for tag in told if TAG.fullmatch(tag)}
    return found.pop() if len(found) == 1 and found.isdisjoint({"en", *SCRIPTS}) else None
