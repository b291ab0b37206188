"""What is true of a labelled call, by its telling alone, and the label that follows from docs/findings.md."""

from dataclasses import dataclass
from typing import Any

from callstore.rehearsal.labelled.numbers import number_labels
from callstore.rehearsal.labelled.scene import DUAL, NO_SIDEBAND, Scene
from callstore.rehearsal.labelled.spans import Span, clipped, joined, total, voiced, without

# The words of docs/fields.md and docs/findings.md.
CLOSING_S, LOST_S = 2.0, 1.5
# So close to a threshold the definition hangs on a syllable; such calls are counted and shown apart.
CLOSE_S = 0.25
# And so close nothing that we are given can tell: a recording here ends up to a quarter of a second before
# the leg does, and the AI hears the caller up to 0.2 s later than Twilio. Such calls have no label.
UNDECIDED_S = 0.1
# A gap's length is right within the target of its 95th percentile; all speech, within that and a share.
GAP_WITHIN_S, SPEECH_WITHIN_S, SPEECH_SHARE = 0.6, 0.6, 0.06
# A gap this short is an edge of speech, and between the two nobody need say which it is.
NO_GAP_S, GAP_S = 0.1, 0.8
BY_THE_APP = ("never_accepted", "accept_refused", "accepted_unusable")  # nobody else tells these apart
NOBODY_SAYS = ("no_recording", "mono", "short_recording", "bare")  # who was speaking at the end


@dataclass(frozen=True, slots=True)
class Truth:
    """`caller` and `lost` in Unix seconds on Twilio's clock.

    `close` is a `truncated` that hangs on CLOSE_S, `undecided` one that hangs on UNDECIDED_S.
    """

    caller: list[Span]
    lost: list[Span]
    unheard_s: float
    truncated: bool
    close: bool
    undecided: bool


def truth(of: Scene) -> Truth:
    """The definitions of docs/fields.md applied to what was told."""
    start, end = of.leg
    own = [words for words in of.words if words.who == "caller" and words.text]
    caller = clipped(joined([span for words in own for span in voiced(of, words)]), start, end)
    written = joined([(words.start, words.end) for words in own if words.written])
    heard = joined([(words.start, words.end) for words in own if words.heard])
    lost = without(caller, written)
    last = max((e for _, e in written if e <= end), default=0.0)
    closing = sum(e - s for s, e in lost if s >= last - 0.01)
    quiet = end - max((e for _, e in caller), default=0.0)
    ended_otherwise = of.played.ending.by == "caller" or of.played.ending.verdict == "natural_end"
    there = of.played.ending.reaches == "conversation" and not ended_otherwise

    def hangs_on(seconds: float) -> bool:
        loosely = quiet < CLOSING_S + seconds and closing >= LOST_S - seconds
        strictly = quiet < CLOSING_S - seconds and closing >= LOST_S + seconds
        return there and loosely != strictly

    return Truth(
        caller=caller,
        lost=lost,
        unheard_s=sum(e - s for s, e in without(lost, heard)),
        truncated=there and quiet < CLOSING_S and closing >= LOST_S,
        close=hangs_on(CLOSE_S),
        undecided=hangs_on(UNDECIDED_S),
    )


def label(of: Scene, true: Truth) -> dict[str, Any]:
    """`expect` of the scenario: only what these witnesses can know."""
    ending = of.played.ending
    expect: dict[str, Any] = {"verdict": _verdict(of)}
    # What was lost may be the very callback that says so.
    if of.witnesses == "all" or (ending.reaches != "conversation" and of.witnesses != "lossy"):
        expect |= of.played.meant
        expect.pop("truncation_basis")
        expect["verdict"] = ending.verdict
        if of.witnesses in NO_SIDEBAND and ending.cause in BY_THE_APP:
            del expect["cause"]
            expect["verdict"] = _verdict(of)
    expect.pop("flags", None)
    if _flag_is_known(of, true):
        expect["flags"] = {"has" if true.truncated else "lacks": ["truncated"]}
    if of.recorded and of.witnesses in DUAL - {"lossy"}:
        expect["caller_speech_s"] = _about(total(true.caller), SPEECH_WITHIN_S, SPEECH_SHARE)
        if of.witnesses not in NO_SIDEBAND and ending.watched and ending.reaches == "conversation":
            expect["untranscribed_caller_speech_s"] = _about(total(true.lost), GAP_WITHIN_S, 0.0)
            expect |= _gap_kind(true)
    return expect | number_labels(of)


def _verdict(of: Scene) -> Any:
    right = of.played.ending.verdict
    allowed = [right, "inconclusive"]
    # Deaf and mute sessions are known by the recording; without it that the caller left is the fact. Its
    # callback may be among what is lost.
    unseen = of.witnesses in (*NOBODY_SAYS, *NO_SIDEBAND, "lossy")
    unseen = unseen and not (of.transcribed and right == "ai_deaf")
    if right in ("ai_deaf", "ai_mute") and unseen:
        allowed.append("caller_hung_up")
    alone = of.played.ending.reaches == "menu" or "media_streams" in of.conditions
    if alone and of.witnesses == "lossy":  # what was lost may be the only word of its end
        allowed.append("live")
    if right == "false_finish" and of.witnesses in NOBODY_SAYS:
        allowed.append("natural_end")
    return {"any_of": allowed}


def _flag_is_known(of: Scene, true: Truth) -> bool:
    """Without a recording the AI's detector is the witness, and knows of the turns that it opened."""
    if true.undecided:
        return False
    if of.played.ending.reaches != "conversation" or (of.recorded and of.witnesses in DUAL - {"lossy"}):
        return True
    if of.witnesses in NO_SIDEBAND or of.witnesses in ("lossy", "short_recording"):
        return False
    if of.played.ending.verdict == "false_finish":  # nobody can tell it from a finish in time
        return False
    if of.transcribed and true.lost and not true.close:
        # Words tell a length to about a second.
        return true.truncated and total(true.lost) > LOST_S + 1.0
    own = [words for words in of.words if words.who == "caller"]
    written = max((words.end for words in own if words.written), default=0.0)
    open_ = any(words.heard and not words.written and words.start > written for words in own)
    return open_ if true.truncated else not open_


def _gap_kind(true: Truth) -> dict[str, str]:
    lost = total(true.lost)
    if lost < NO_GAP_S:
        return {"gap_kind": "none"}
    if lost < GAP_S or 0.4 < true.unheard_s / lost < 0.6:
        return {}
    return {"gap_kind": "not_heard" if true.unheard_s > lost / 2 else "heard_not_transcribed"}


def _about(value: float, within: float, share: float) -> dict[str, float]:
    return {"about": round(value, 3), "within": round(within + share * value, 3)}
