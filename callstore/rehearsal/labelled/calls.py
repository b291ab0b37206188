"""Labelled calls as scenario folders, in the form of those in tests/scenarios."""

from pathlib import Path

import orjson

from callstore.domain.facts.clock import iso
from callstore.rehearsal.labelled.numbers import told_anew
from callstore.rehearsal.labelled.retold import conference, live, meeting, reconnect, reflected, stream
from callstore.rehearsal.labelled.scene import DUAL, NO_SIDEBAND, Scene, scene
from callstore.rehearsal.labelled.studio import record
from callstore.rehearsal.labelled.truth import label, truth
from callstore.rehearsal.labelled.witnesses import deliveries
from ingest.providers.delivery import Delivery


def write(folder: Path, seed: int, number: int, only: str | None = None) -> Path:
    """The call of this number in a folder of its own; `only` fixes its ending. Returns that folder."""
    of = scene(seed, number, only)
    met = _meeting(of, seed, number)
    true = truth(of)
    wav = record(of)
    expect = label(of, true)
    # What is told anew has one session.
    reflects = of.witnesses not in NO_SIDEBAND and reflected.chosen(seed, number)
    once = not met and not of.ending.startswith("comes_back")
    if drawn := live.chosen(seed, number) if once else None:
        of.conditions |= {"live", "reflected"} if reflects else {"live"}
        live.tell(of.played, drawn, reflects)
    elif once and (drawn_too := reconnect.chosen(seed, number)) and reconnect.tell(of.played, drawn_too):
        of.conditions.add("reconnects")
    if of.conditions & {"live", "reconnects", "media_streams"}:
        expect = told_anew(expect)
    if met == "media_streams" and of.witnesses in NO_SIDEBAND:
        expect.pop("flags", None)  # no webhook and no frame: nobody says that an AI was there to hear
    if met:
        seen = of.recorded is not None and of.witnesses == "all"
        lost_s = true.unheard_s if seen else 0.0
        expect = (
            conference.relabel(expect) if met == "conference" else stream.relabel(expect, of.played, lost_s)
        )
    sent = deliveries(of)
    if drawn:
        sent = live.offered(sent, of.played)
        expect = live.relabel(expect, of.played, of.witnesses in DUAL, reflects)
    if true.close:
        of.conditions.add("undecided" if true.undecided else "close_call")
    told = {
        "title": f"{of.ending.replace('_', ' ')}, witnesses: {of.witnesses.replace('_', ' ')}",
        "story": _story(of),
        "witnesses": of.witnesses,
        "conditions": sorted(of.conditions),
        "expect": expect,
    }
    place = folder / f"{number:04d}_{of.ending}_{of.witnesses}"
    place.mkdir(parents=True, exist_ok=True)
    (place / "scenario.json").write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2))
    (place / "deliveries.jsonl").write_bytes(b"".join(map(_line, sent)))
    if wav:
        (place / "recording.wav").write_bytes(wav)
    return place


def _meeting(of: Scene, seed: int, number: int) -> str | None:
    """Tells the call by a media stream or a conference, where it is drawn; which of them."""
    if of.ending.startswith("comes_back"):
        return None
    if drawn := stream.chosen(seed, number, of.played):
        stream.tell(of.played, drawn)
        of.conditions.add("media_streams")
        if of.recorded:  # of the caller's leg, which is the call: nothing goes on after it
            of.recorded = of.recorded[0], min(of.recorded[1], of.leg[1] + 0.1)
        return "media_streams"
    if (drawn := conference.chosen(seed, number)) and meeting.told_so(of.played):
        conference.tell(of.played, drawn)
        of.conditions.add("conference")
        return "conference"
    return None


def _story(of: Scene) -> str:
    """Who spoke when, in seconds from the answer of the AI's leg, for whoever looks into a wrong verdict."""
    answered, ended = of.leg
    said = [
        f"{words.start - answered:.2f}-{words.end - answered:.2f} {words.who}"
        f"{'' if words.heard else ' (not heard)'}{'' if words.written else ' (not written)'}: {words.text}"
        for words in of.words
    ]
    voices = ", ".join(f"{who} {voice.name}" for who, voice in sorted(of.voices.items()))
    clock = f"the application's clock is {of.skew_s:+.2f} s off"
    return "\n".join([f"{of.language.code}; {voices}; {clock}; ended at {ended - answered:.2f}", *said])


def _line(one: Delivery) -> bytes:
    told = {
        "at": iso(one.received_at),
        "door": one.door,
        "path": one.path,
        "headers": dict(one.headers),
        "body": one.body.decode(),
    }
    return orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)
