"""Numbers in what was said: digits, and words and signs for them, in English, German and Japanese.

A few number words are talk ("one or two"); so many in a row are a card, a telephone number or a code.
"""

import re

_ROW = 4
# What stands between the words of one number: the "の" of Japanese telephone numbers, too.
_BETWEEN = r"(?:[\s,.;:、。・…–—-]|(?<!\w)(?:and|und)(?!\w)|の|ノ){0,6}"
_ENGLISH = (
    "zero|oh|nought|naught|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen"
    "|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    "|hundred|thousand|double|triple"
)
_ONES = "ein|eine|eins|zwei|zwo|drei|vier|fünf|fuenf|sechs|sieben|acht|neun"
_TENS = "zwanzig|dreißig|dreissig|vierzig|fünfzig|fuenfzig|sechzig|siebzig|achtzig|neunzig"
_GERMAN = (
    rf"null|(?:{_ONES})und(?:{_TENS})|(?:{_ONES})(?:hundert|tausend)?|{_TENS}|zehn|elf|zwölf|zwoelf"
    r"|(?:drei|vier|fünf|fuenf|sech|sieb|acht|neun)zehn|hundert|tausend|doppel|doppelt"
)
# Signs, and syllables as a transcription spells them; the longer ones first.
_JAPANESE = (
    "[〇零一二三四五六七八九十百千壱弐参]|ゼロ|れい|レイ|まる|マル|いち|イチ|さん|サン|よん|ヨン|ろく|ロク|なな|ナナ"
    "|しち|シチ|はち|ハチ|きゅう|キュウ|きゅー|じゅう|ジュウ|に|ニ|し|シ|ご|ゴ|く|ク"
)
_WORD = rf"(?:(?<!\w)(?:{_ENGLISH}|{_GERMAN})(?!\w)|{_JAPANESE}|\d)"
_NUMBER = re.compile(rf"{_WORD}(?:{_BETWEEN}{_WORD}){{{_ROW - 1},}}", re.I)
_EACH = re.compile(_WORD, re.I)


def without_numbers(text: str) -> str:
    """Words as they were written, each digit a 0, and each word of a number that was spelt out as well."""
    kept = _NUMBER.sub(lambda found: _EACH.sub("0", found[0]), text)
    return "".join("0" if letter.isdigit() else letter for letter in kept)
