"""Who is on a call: the number that was dialled, who calls it, and the agent behind it.

Every number lies in a range set aside for fiction, or begins as no assigned number can.
"""

from dataclasses import dataclass
from random import Random

from callstore.rehearsal.simulation.phrases import ENGLISH, FRENCH, GERMAN, JAPANESE, SPANISH, Language


@dataclass(frozen=True, slots=True)
class Agent:
    """A voice application and the model it speaks with. `finish` is the name of its finish tool.

    Of its `versions` the second is deployed at noon, UTC.
    """

    name: str
    versions: tuple[str, str]
    source: str
    project: str
    model: str
    voice: str
    instructions: str
    finish: str
    silence_ms: int

    def version(self, at: float) -> str:
        """The version that answers at a time."""
        return self.versions[int(at // HALF_A_DAY_S) % 2]


HALF_A_DAY_S = 43_200
BUILDER = Agent(
    "site-office",
    ("2026.11.3", "2026.11.4"),
    "/voice-app",
    "proj_Ab12Cd34Ef56Gh78",
    "gpt-realtime-1.5",
    "marin",
    "You are the phone agent of a building company.",
    "finish_session",
    500,
)
DENTIST = Agent(
    "reception",
    ("17", "18"),
    "/reception",
    "proj_Kl90Mn12Op34Qr56",
    "gpt-realtime-mini",
    "cedar",
    "You are the receptionist of a dental practice.",
    "end_call",
    600,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A Twilio number. `callers` has # for digits that differ; a line with `bad_header` asks Twilio for a
    header that Twilio refuses to send (warning 32113)."""

    number: str
    country: str
    language: Language
    callers: tuple[str, ...]
    agent: Agent
    weight: int
    bad_header: bool = False


# 555-01xx is fiction's share of every North American area code.
_AMERICA = tuple(
    f"+1{area}55501##" for area in (202, 206, 212, 303, 312, 404, 415, 512, 617, 702, 713, 808, 917)
)
# Ofcom, Arcep and the Bundesnetzagentur publish numbers for drama; a Japanese exchange never begins with 0.
LINES = (
    Line("+14155550199", "US", ENGLISH, _AMERICA, BUILDER, 34),
    Line("+12125550142", "US", SPANISH, _AMERICA, DENTIST, 10, bad_header=True),
    Line("+442079460123", "GB", ENGLISH, ("+447700900###", "+442079460###"), DENTIST, 18),
    Line("+81300001234", "JP", JAPANESE, ("+8130000####", "+8160000####"), BUILDER, 20, bad_header=True),
    Line("+33199001234", "FR", FRENCH, ("+3319900####", "+3363998####"), BUILDER, 9),
    Line("+493023125123", "DE", GERMAN, ("+493023125###", "+496990009###"), DENTIST, 9),
)


def number(pattern: str, rng: Random) -> str:
    """A number of this pattern."""
    return "".join(rng.choice("0123456789") if sign == "#" else sign for sign in pattern)


def line(rng: Random) -> Line:
    """Which of the numbers was dialled."""
    return rng.choices(LINES, weights=[line.weight for line in LINES])[0]
