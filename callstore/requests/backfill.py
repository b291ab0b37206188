"""What is asked for where callbacks were lost: to ask Twilio's API about a call."""

import re
from dataclasses import dataclass
from typing import ClassVar

from callstore.domain.facts.ids import ACCOUNT_SID, CALL_SID
from callstore.requests.request import Request, demand, is_text

MOST_LEGS = 20
STEP = re.compile("[a-z_]{1,40}")


@dataclass(frozen=True, slots=True)
class AskTwilio(Request):
    """Ask Twilio's API about the legs of a call, and take what it tells into the log."""

    TASK: ClassVar[str] = "ingest.ask_twilio"

    account_sid: str  # of the legs; empty where nobody named it
    legs: list[str]  # call SIDs of one call
    step: str
    attempt: int

    def check(self) -> None:
        named = self.account_sid == "" or is_text(self.account_sid, ACCOUNT_SID)
        demand(named, "account_sid is no account SID")
        demand(isinstance(self.legs, list) and 0 < len(self.legs) <= MOST_LEGS, "legs are no list of 1 to 20")
        demand(all(is_text(leg, CALL_SID) for leg in self.legs), "legs holds what is no call SID")
        demand(is_text(self.step, STEP), "step is no word")
        demand(type(self.attempt) is int and self.attempt > 0, "attempt is no number")
