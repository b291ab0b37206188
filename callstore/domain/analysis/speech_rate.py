"""How long words take to say: for those of which nobody knows when they began."""

import unicodedata

# Speaking rates (Pellegrino et al. 2011: 5 to 8 syllables a second) in letters; a wide letter is a syllable
# or more.
LETTERS_PER_S = 14.0
WIDE_PER_S = 7.0
SHORTEST_S = 0.3


def spoken_s(text: str | None) -> float:
    """About how many seconds these words take to say."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text or "")
    return max(SHORTEST_S, wide / WIDE_PER_S + (len(text or "") - wide) / LETTERS_PER_S)
