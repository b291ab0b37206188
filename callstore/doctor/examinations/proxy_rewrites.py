"""Signatures that fail on the way: Twilio signed another address than the one that is verified here.

The door tries, of each signature that fails, in what the address would have to differ for it to hold.
"""

from urllib.parse import urlsplit

from callstore.doctor.examination import Sample, Setup, Severity, Symptom

SEVERITY: Severity = "fault"
TITLE = "A proxy or PUBLIC_BASE_URL makes good signatures fail"
OTHER = {"https": "http", "http": "https"}


def examine(sample: Sample) -> Symptom | None:
    """What was refused although a token of ours had signed it, by what differs."""
    alike = [r for r in sample.setup.refusals if r.looks_like]
    if not alike:
        return None
    counts: dict[str, int] = {}
    for refusal in alike:
        counts[refusal.looks_like] = counts.get(refusal.looks_like, 0) + refusal.count
    told = ", ".join(f"{count} by the {word}" for word, count in counts.items())
    why = (
        f"{sum(counts.values())} deliveries were refused although one of our tokens had signed them, for an"
        f" address that differs from what was verified: {told}. Nothing of them was kept."
    )
    return Symptom(why, (), "\n".join(_remedy(word, sample.setup) for word in counts))


def _remedy(word: str, setup: Setup) -> str:
    base = urlsplit(setup.public_base_url)
    match word:
        case "scheme":
            other = OTHER.get(base.scheme, "https")
            return f"PUBLIC_BASE_URL={other}://{base.netloc}{base.path}    # or {base.scheme}:// at Twilio"
        case "host" | "port":
            return (
                f"PUBLIC_BASE_URL={base.scheme}://THE_{word.upper()}_THAT_TWILIO_CALLS"
                f"    # now {setup.public_base_url}; or the same at Twilio"
            )
        case "query order":
            return "Write the parameters of the callback's URL in the order of the alphabet, four at most."
        case _:
            return "proxy_pass http://web;    # without a path behind it, and merge_slashes off"
