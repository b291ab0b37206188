"""One spelling of what was said and of what is looked for, so that the one is found in the other by LIKE.

Widths, compositions and cases are one (NFKC, case-folded), and before each word stands a space, so that a
short word can be looked for where words begin: ` um... i want` has ` i` and no ` m`. Writing that has no
spaces between words is left as it is.
"""

import re
import unicodedata

# Letters of writing without spaces between words, or whose words take on endings like letters: Thai to
# Tibetan, Myanmar, Hangul, Khmer, and all of Chinese and Japanese.
UNSPACED = (
    "\u0e00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
LETTER = rf"[^\W{UNSPACED}]"  # of a word between spaces
WORD = re.compile(rf"{LETTER}+")
RUN = re.compile(rf"(?:[{UNSPACED}](?<=\w))+")  # of letters without spaces
BEGINS = re.compile(rf"(?<!\s)(?<!{LETTER})(?={LETTER})")
_BLANKS = re.compile(r"\s+")


def folded(text: str) -> str:
    """Text of one width, composition and case, its blanks single."""
    one = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _BLANKS.sub(" ", one).strip()


def spelled(text: str) -> str:
    """The same with a space before each word, at its beginning, too: where a short word is looked for."""
    return BEGINS.sub(" ", folded(text))
