"""Which tools of an agent end the call."""

import re
from typing import NamedTuple

# Names that voice applications give to the tool with which the model ends a call.
_USUAL = re.compile(
    r"(?:(?<![a-zA-Z])|(?<=[a-z])(?=[A-Z]))"  # "endCall" and "agentEndCall", never "sendCall"
    r"(?i:(?:finish|end|hang|close|terminate|complete)[_-]?(?:up|call|session|conversation))"
)


class FinishTools(NamedTuple):
    """The names that the operator gave. Without any, names count that applications usually give."""

    names: frozenset[str] = frozenset()

    def named(self, tool: str) -> bool:
        """Whether a call of this tool means that the agent ends the call."""
        return tool.casefold() in self.names if self.names else bool(_USUAL.search(tool))

    @classmethod
    def of(cls, names: list[str]) -> "FinishTools":
        """As they stand in the setting; upper and lower case are one."""
        return cls(frozenset(name.casefold() for name in names))


USUAL_TOOLS = FinishTools()
