"""The leg goes to one region of OpenAI, and our API calls to another: the call is not known there (P26).

SIP hosts `sip.`, `sip-eu.`, `sip-in.api.openai.com`; API hosts `api.`, `eu.api.`, `in.api.openai.com`.
"""

from urllib.parse import urlsplit

from callstore.doctor.examination import (
    Evidence,
    ExaminedCall,
    Sample,
    Severity,
    Symptom,
    counted,
    most,
    seen_in,
)
from callstore.domain.analysis.answering import accepts_not_found

SEVERITY: Severity = "fault"
TITLE = "The SIP host and the API are of two regions"
SIP, API = ".api.openai.com", "api.openai.com"
GLOBAL = ""


def examine(sample: Sample) -> Symptom | None:
    """The calls whose <Sip> host is of another region than OPENAI_BASE_URL, or whose accept found no call."""
    ours = _of_api(urlsplit(sample.setup.openai_base_url).hostname or "")
    found = [
        (call, events, region)
        for call in sample.calls
        for events, region in (_elsewhere(call, ours),)
        if events
    ]
    if not found:
        return None
    region = next((region for *_, region in found if region is not None), ours)
    why = (
        f"{counted(len(found), len(sample.calls))} the leg was dialled in one region of OpenAI and answered"
        " in another, where accept finds no call (404)."
    )
    host = f"{region}.{API}" if region else API
    paste = (
        f"OPENAI_BASE_URL=https://{host}/v1    # here, and the same base URL in the application\n"
        f"<Sip>sip:YOUR_PROJECT@sip{'-' + region if region else ''}.{API};transport=tls</Sip>"
    )
    return Symptom(why, most(e for _, events, _ in found for e in events), paste)


def _elsewhere(call: ExaminedCall, ours: str | None) -> tuple[list[Evidence], str | None]:
    """What shows it, and the region of the <Sip> host where TwiML tells it."""
    asks = [
        (ask.answered, region)
        for ask in call.case.call.asks
        if ask.answer
        for host, _ in ask.answer.sip_targets
        if (region := _of_sip(host)) is not None and ours is not None and region != ours
    ]
    session = call.case.call.session
    lost = accepts_not_found(call.case.call) if session and session.offered else []
    offered = session.offered if session and lost else None
    region = asks[0][1] if asks else None
    return seen_in(call, *(seen for seen, _ in asks), offered, *lost), region


def _of_sip(host: str) -> str | None:
    """The region in a SIP host; None where it is not OpenAI's."""
    name = host.partition(":")[0]
    if name == f"sip{SIP}":
        return GLOBAL
    is_regional = name.startswith("sip-") and name.endswith(SIP)
    return name.removeprefix("sip-").removesuffix(SIP) if is_regional else None


def _of_api(host: str) -> str | None:
    """The region in a host of the API; None where it is not OpenAI's."""
    if host == API:
        return GLOBAL
    return host.removesuffix(f".{API}") if host.endswith(f".{API}") else None
