"""Many calls in a line each."""

from callstore.findings.cross_call.find import find_cross_call
from callstore.findings.cross_call.summary import Summary

NOON = 1_776_081_600.0


def call(name, minute, verdict="natural_end", **fields):
    return Summary(name, NOON + 60 * minute, verdict, **fields)


def ordinary(count, every=1.0):
    return [call(f"ok{n}", n * every, child_duration_s=40 + 7 * n % 90) for n in range(count)]


def found(slug, calls, incidents=()):
    """The calls on which this rule speaks, and what it says of each."""
    findings = find_cross_call(calls, incidents)
    return {id_: f for id_, listed in findings.items() for f in listed if f.slug == slug}
