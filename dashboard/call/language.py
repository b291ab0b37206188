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
