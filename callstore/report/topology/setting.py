"""How a call was set up: its topology, its meeting place, the model, and where its media ran."""

import re
from typing import Literal

from callstore.domain.analysis.meeting.streams import carrying
from callstore.domain.analysis.meeting.topology import topology
from callstore.domain.call.call import Call
from callstore.domain.call.legs.fold_conference import meeting
from callstore.findings.rule import Case
from callstore.report.stable.groups import Setting

# twilio.com/docs/voice/twiml/sip: sip:agent@example.com;edge=ashburn
_PLACE = re.compile(r";(edge|region)=([a-z0-9-]+)", re.I)


def setting(of: Case) -> Setting:
    """The stable fields of it."""
    call, session = of.call, of.call.session
    met, stream = meeting(call), carrying(call)
    return {
        "topology": topology(call),
        "conference_sid": met.sid if met else None,
        "stream_sid": stream.sid if stream else None,
        "ai_model": session.config.model if session and session.config else None,
        "agent_name": _agent(call),
        "agent_version": _version(call),
        "region": _place(call, "region"),
        "edge": _place(call, "edge"),
    }


def _agent(call: Call) -> str | None:
    """By the application's last word, else as the session, its INVITE or the URL of a request says."""
    config, offer = (call.session.config, call.session.offer) if call.session else (None, None)
    session = [config.agent if config else None, offer.agent if offer else None]
    told = [*(said.agent for said in reversed(call.said)), *session, *(ask.agent for ask in call.asks)]
    return next(filter(None, told), None)


def _version(call: Call) -> str | None:
    config, offer = (call.session.config, call.session.offer) if call.session else (None, None)
    session = [config.agent_version if config else None, offer.agent_version if offer else None]
    return next(filter(None, [*(said.version for said in reversed(call.said)), *session]), None)


def _place(call: Call, which: Literal["region", "edge"]) -> str | None:
    """By Voice Insights of the AI's leg or the caller's, else as the address of the AI's leg asks for it."""
    legs = [leg for leg in (call.child, call.parent) if leg]
    measured = [leg.region if which == "region" else leg.edge for leg in legs]
    asked = dict(_PLACE.findall((legs[0].called or "").lower())) if legs else {}
    return next(filter(None, measured), asked.get(which))
