from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from callstore.base.progress import Bar
from callstore.domain.facts import ids
from callstore.domain.facts.clock import unix
from callstore.eventlog.reading import read
from ingest.backfill.attempts import attempt, told
from ingest.backfill.fetch import api
from ingest.backfill.rest_http import Unanswered
from ingest.backfill.take import Erased
from ingest.providers.twilio import accounts as known_accounts


class Command(BaseCommand):
    help = "Ask a provider's API for what its callbacks did not bring, and keep it as the same facts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("provider", choices=["twilio"])
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--call", metavar="SID", help="one call, by the SID of any of its legs")
        which.add_argument("--since", metavar="T", help="every call that began since then (ISO 8601)")

    def handle(self, *, call: str | None, since: str | None, **options: Any) -> None:
        if call:
            self.one(call)
        else:
            self.all(_moment(since or ""))

    def one(self, call: str) -> None:
        """One call; what Twilio answered is the error where it could not tell."""
        legs = _legs(call)
        try:
            taken = attempt("", legs, "command")
        except Erased:
            raise CommandError("The call was erased: nothing is asked for any more.") from None
        if taken is None:
            raise CommandError("Somebody else is asking about this call.")
        self.stdout.write(f"{taken.found} new facts of {len(taken.legs)} legs.")
        if taken.failures:
            raise CommandError(f"{told(taken.failures)}.")

    def all(self, since: float) -> None:
        """Every call that Twilio or the log knows of that time; one that fails hinders no other."""
        calls, failures = _calls(since)
        found = erased = 0
        with Bar(len(calls), self.stderr, "calls") as bar:
            for legs, account in calls.items():
                try:
                    taken = attempt(account, legs, "command")
                    found += taken.found if taken else 0
                    failures += [f"{legs[0]}: {told(taken.failures)}"] if taken and taken.failures else []
                except Erased:
                    erased += 1
                bar(1)
        skipped = f", {erased} erased calls left alone" if erased else ""
        self.stdout.write(f"{found} new facts of {len(calls)} calls{skipped}.")
        if failures:
            raise CommandError("\n".join(failures))


def _moment(since: str) -> float:
    try:
        return unix(since)
    except ValueError:
        raise CommandError(f"--since is no time in ISO 8601: {since}") from None


def _legs(call: str) -> list[str]:
    """The legs that the log has beside this one, or of the AI call that this id names."""
    traces = read.homes([ids.subject(call)])
    known = [subject for found in read.subjects(traces).values() for subject in sorted(found)]
    legs = [ids.id_of(subject) for subject in known if ids.CALL_SID.fullmatch(ids.id_of(subject))]
    if ids.CALL_SID.fullmatch(call):
        return list(dict.fromkeys([call, *legs]))
    if not legs:
        raise CommandError(f"{call} is no call SID, and no call is known by it.")
    return legs


def _calls(since: float) -> tuple[Mapping[Sequence[str], str], list[str]]:
    """The legs of each call, with their account where it is known; and what Twilio could not list."""
    calls: dict[str, list[str]] = {}
    accounts: dict[str, str] = {}
    failures: list[str] = []
    for account in known_accounts.accounts() or [""]:
        try:
            with api(account) as asked:
                listed = asked.calls_since(datetime.fromtimestamp(since, UTC))
        except Unanswered as error:
            failures.append(str(error))
            continue
        for leg in listed:
            first = str(leg.get("parent_call_sid") or leg.get("sid"))
            calls.setdefault(first, [first]).append(str(leg.get("sid")))
            accounts[first] = str(leg.get("account_sid") or account)
    listed_legs = {leg for legs in calls.values() for leg in legs}
    for found in read.subjects(read.traces_of_kind("twilio:CA", since)).values():
        legs = sorted(ids.id_of(s) for s in found if ids.CALL_SID.fullmatch(ids.id_of(s)))
        if legs and not listed_legs.intersection(legs):
            calls[legs[0]] = legs
    return {tuple(dict.fromkeys(legs)): accounts.get(first, "") for first, legs in calls.items()}, failures
