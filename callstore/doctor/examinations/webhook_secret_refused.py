"""Somebody refuses OpenAI's webhooks: our door, or the application that should accept the call.

Each endpoint has a secret of its own (https://platform.openai.com/docs/guides/webhooks).
"""

import re

from callstore.doctor.examination import ExaminedCall, Sample, Severity, Symptom, counted, most, seen_in
from callstore.domain.call.call import Statement
from callstore.domain.call.observation import Observation

SEVERITY: Severity = "fault"
TITLE = "A webhook's secret is wrong"
# What libraries call it, openai's InvalidWebhookSignatureError and standardwebhooks' among them.
SAYS = re.compile(r"signature|webhook.?secret|whsec", re.I)


def examine(sample: Sample) -> Symptom | None:
    """What our door refused, and the calls whose application says that it refused their webhook."""
    here = sum(r.count for r in sample.setup.refusals if (r.door, r.reason) == ("openai", "wrong signature"))
    there = [(call, said) for call in sample.calls if (said := _refused(call))]
    if not here and not there:
        return None
    says = []
    if here:
        says.append(f"callstore refused {here} webhooks: none of OPENAI_WEBHOOK_SECRETS signed them.")
    if there:
        calls = counted(len(there), len(sample.calls))
        says.append(f"{calls} the application reported an exception about a webhook's signature.")
    events = [e for call, said in there for e in seen_in(call, _offered(call), *(s.seen for s in said))]
    whose = "OPENAI_WEBHOOK_SECRETS" if here else "OPENAI_WEBHOOK_SECRET"
    paste = (
        f"{whose}=whsec_…    # as OpenAI shows it for this very endpoint"
        f"{': ' + sample.setup.url('/hooks/openai/') if here else ', in the application'}"
    )
    return Symptom(" ".join(says), most(events), paste)


def _offered(call: ExaminedCall) -> Observation | None:
    return call.case.call.session.offered if call.case.call.session else None


def _refused(call: ExaminedCall) -> list[Statement]:
    if _offered(call) is None:
        return []
    return [s for s in call.case.call.said if s.what == "exception" and SAYS.search(s.message or "")]
