"""Which id is what: of a call's legs, recordings and account at Twilio, and of its AI session at OpenAI.

A subject names what a fact is about as `<provider>:<id>`: `twilio:CA…`, `openai:rtc_…`. Twilio's ids (SIDs)
are two letters for the kind and 32 hexadecimal digits: AC an account, CA a call (one leg), RE a recording,
CF a conference, MZ a media stream (https://www.twilio.com/docs/glossary/what-is-a-sid). OpenAI's begin with a
word: `rtc_` a Realtime call, `live_` a Live session, `sess_` a session whose socket the application holds.

A SID is asked for in three degrees, on purpose:

- as it is written: digits in lower case, to find one in text;
- as it is documented: digits in either case, to believe an argument or to choose a secret by it;
- as it is accepted: any letters and digits after CA, for a subject is whatever a proved sender calls a leg.
"""

import re

DIGITS = "[0-9a-f]{32}"  # of a SID, as it is written
_DIGITS_OF_EITHER_CASE = "[0-9a-fA-F]{32}"
_AI_CALL = "(?:rtc|live|sess)_"

ACCOUNT_SID = re.compile(f"AC{_DIGITS_OF_EITHER_CASE}")
CALL_SID = re.compile(f"CA{_DIGITS_OF_EITHER_CASE}")
RECORDING_SID = re.compile(f"RE{_DIGITS_OF_EITHER_CASE}")
STREAM_SID = re.compile(f"MZ{_DIGITS_OF_EITHER_CASE}")
_ACCOUNT_IN_A_URL = re.compile(f"/Accounts/(AC{_DIGITS_OF_EITHER_CASE})/")
WRITTEN_CALL_SID = re.compile(f"CA{DIGITS}")

# Subjects that belong to a call. Everything else is kept, but never becomes a call.
CALL_SUBJECTS = ("twilio:CA", "twilio:CF", "openai:rtc_", "openai:live_", "openai:sess_")

_ACCEPTED_CALL_SID = re.compile("CA[0-9A-Za-z]{1,64}")
# Any kind of SID, and an AI call with whatever follows: an id that is looked up needs no better shape.
_SCHEMES = (("twilio:", re.compile("[A-Z]{2}[0-9a-zA-Z]+")), ("openai:", re.compile(rf"{_AI_CALL}\S+")))
# Whole ids: as long as providers write them at least (OpenAI's are opaque, 21 characters and more behind the
# word), and no longer than an index takes; what is shorter is a word.
_WHOLE = (
    rf"(?:CA|RE|CF|MZ){DIGITS}|{_AI_CALL}\w{{8,200}}"
    "|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)
_WHOLE_ALONE = re.compile(_WHOLE, re.ASCII)
_WHOLE_VALUE = re.compile(f'"({_WHOLE})"(?!:)'.encode())
_UUID_LENGTH = 36


def is_of_a_call(subject: str) -> bool:
    """True for the subject of a leg, of a conference or of an AI session."""
    return subject.startswith(CALL_SUBJECTS)


def is_of_a_leg(subject: str) -> bool:
    """True for the subject of a leg."""
    return subject.startswith(CALL_SUBJECTS[0])


def subject_of(id_: str) -> str:
    """The subject of a leg, or of an AI session, by its id alone."""
    return f"openai:{id_}" if re.match(_AI_CALL, id_) else f"twilio:{id_}"


def is_of_a_dialog(id_: str) -> bool:
    """True for a SIP Call-ID, which the sender of an INVITE chooses as he likes."""
    return id_.startswith("sip:")


def account_sid(value: object) -> str | None:
    """The account SID, as it is documented; None for anything that is none."""
    return value if isinstance(value, str) and ACCOUNT_SID.fullmatch(value) else None


def leg_subject(value: object) -> str | None:
    """The subject (`twilio:CA…`) of a call SID as it is accepted; None for anything that is none."""
    return f"twilio:{value}" if isinstance(value, str) and _ACCEPTED_CALL_SID.fullmatch(value) else None


def leg_subject_in(text: str) -> str | None:
    """The subject of the first call SID that is written in a text: a URL, the name of a conference."""
    found = WRITTEN_CALL_SID.search(text)
    return leg_subject(found.group()) if found else None


def account_sid_in(url: str) -> str | None:
    """The account whose resource a URL of Twilio's API names."""
    found = _ACCOUNT_IN_A_URL.search(url)
    return found[1] if found else None


def subject(id_: str) -> str:
    """The subject that an id of Twilio's or OpenAI's would have; any other text as it is."""
    return next((scheme + id_ for scheme, shape in _SCHEMES if shape.fullmatch(id_)), id_)


def id_of(subject: str) -> str:
    """The id in a subject, without whose it is."""
    return subject.partition(":")[2]


def whole(text: str) -> str | None:
    """The whole id of a call, leg, recording or AI session, as one copies it from a page; None for others.

    Our own, which are UUIDs, may be written in either case and are given in lower.
    """
    id_ = text.lower() if len(text) == _UUID_LENGTH and "-" in text else text
    return id_ if _WHOLE_ALONE.fullmatch(id_) else None


def in_json(written: bytes) -> list[str]:
    """Every whole id that is a value in this JSON, each once and sorted."""
    return sorted({found.decode() for found in _WHOLE_VALUE.findall(written)})
