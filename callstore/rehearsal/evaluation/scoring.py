"""How right the verdicts on labelled calls are: precision and recall, confusion, error of the gap."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias, TypedDict

from callstore.rehearsal.evaluation.evaluate import Outcome, matches

# (label, whether the label asks for it, whether the report claims it)
Claims: TypeAlias = Iterator[tuple[str, bool, bool]]
GAP = "untranscribed_caller_speech_s"  # as labels name it
NUMBERS = (
    "response_time_p50_s", "response_time_p95_s", "longest_dead_air_s", "talk_over_s", "interruptions",
    "caller_talk_share",
)  # fmt: skip


class Score(TypedDict):
    """How many labels ask for a word, how many reports claim it, and how well the two agree."""

    labelled: int
    claimed: int
    precision: float | None
    recall: float | None


class VerdictScore(TypedDict):
    """`left_open`: rightly called inconclusive."""

    labelled: int
    right: int
    wrong: int
    left_open: int
    accuracy: float | None


class NumberError(TypedDict):
    """By how much a number is off, seconds or its own measure; `unknown` counts calls that give none."""

    labelled: int
    unknown: int
    median_s: float | None
    p95_s: float | None
    worst_s: float | None


class Figures(TypedDict):
    """The figures of some calls."""

    calls: int
    verdicts: VerdictScore
    truncated: Score | None
    gap: NumberError


class Summary(Figures):
    """The figures of all calls, by word and by parts of them."""

    numbers: dict[str, NumberError]
    scores: dict[str, Score]
    causes: dict[str, Score]
    confusion: dict[str, dict[str, int]]
    by_witnesses: dict[str, Figures]
    by_condition: dict[str, Figures]


def scores(outcomes: Iterable[Outcome]) -> dict[str, Score]:
    """Precision and recall per verdict, and for each flag, over the outcomes that label them."""
    return _rates(outcomes, lambda outcome: (*_verdicts(outcome), *_flags(outcome)))


def cause_scores(outcomes: Iterable[Outcome]) -> dict[str, Score]:
    """The same per cause."""
    return _rates(outcomes, _causes)


def summary(outcomes: Sequence[Outcome]) -> Summary:
    """Everything at once: all calls, by witness set, and by what was odd."""
    sets, odd = defaultdict(list), defaultdict(list)
    for outcome in outcomes:
        sets[outcome.witnesses or "not said"].append(outcome)
        for condition in outcome.conditions:
            odd[condition].append(outcome)
    return {
        "numbers": {name: error_of(name, outcomes) for name in NUMBERS},
        "scores": scores(outcomes),
        "causes": cause_scores(outcomes),
        "confusion": confusion(outcomes),
        **figures(outcomes),
        "by_witnesses": {name: figures(some) for name, some in sorted(sets.items())},
        "by_condition": {name: figures(some) for name, some in sorted(odd.items())},
    }


def figures(outcomes: Sequence[Outcome]) -> Figures:
    """How many calls, how many of their verdicts right, `truncated`, and the gap's error."""
    judged = [outcome for outcome in outcomes if "verdict" in outcome.expected]
    right = [outcome for outcome in judged if "verdict" not in outcome.wrong]
    decided = [outcome for outcome in right if outcome.document["verdict"] != "inconclusive"]
    return {
        "calls": len(outcomes),
        "verdicts": {
            "labelled": len(judged),
            "right": len(right),
            "wrong": len(judged) - len(right),
            "left_open": len(right) - len(decided),
            "accuracy": len(right) / len(judged) if judged else None,
        },
        "truncated": scores(outcomes).get("truncated"),
        "gap": error_of(GAP, outcomes),
    }


def confusion(outcomes: Iterable[Outcome]) -> dict[str, dict[str, int]]:
    """How often each verdict was given where another, or the same, was right."""
    table: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for outcome in outcomes:
        if (right := _right(outcome.expected.get("verdict"))) is not None:
            table[right][outcome.document["verdict"]] += 1
    return {right: dict(sorted(given.items())) for right, given in sorted(table.items())}


def error_of(name: str, outcomes: Iterable[Outcome]) -> NumberError:
    """The error of a number over the calls that label it."""
    labelled = [
        (label["about"], outcome.document.get(name))
        for outcome in outcomes
        if isinstance(label := outcome.expected.get(name), dict) and "about" in label
    ]
    off = sorted(abs(got - about) for about, got in labelled if isinstance(got, int | float))
    return {
        "labelled": len(labelled),
        "unknown": len(labelled) - len(off),
        "median_s": _quantile(off, 0.5),
        "p95_s": _quantile(off, 0.95),
        "worst_s": _quantile(off, 1.0),
    }


def _rates(
    outcomes: Iterable[Outcome], claims: Callable[[Outcome], Iterable[tuple[str, bool, bool]]]
) -> dict[str, Score]:
    hits: Counter[str] = Counter()
    claimed: Counter[str] = Counter()
    labelled: Counter[str] = Counter()
    for outcome in outcomes:
        for name, wanted, got in claims(outcome):
            labelled[name] += wanted
            claimed[name] += got
            hits[name] += wanted and got
    return {
        name: {
            "labelled": labelled[name],
            "claimed": claimed[name],
            "precision": hits[name] / claimed[name] if claimed[name] else None,
            "recall": hits[name] / labelled[name] if labelled[name] else None,
        }
        for name in sorted(labelled.keys() | claimed.keys())
    }


def _verdicts(outcome: Outcome) -> Claims:
    """A verdict that the label allows besides the right one is not given, and not a wrong claim either."""
    label, got = outcome.expected.get("verdict"), outcome.document["verdict"]
    if (right := _right(label)) is None:
        return
    yield right, True, got == right
    if got != right and not matches(label, got):
        yield got, False, True


def _causes(outcome: Outcome) -> Claims:
    label, got = outcome.expected.get("cause"), outcome.document["cause"]
    if isinstance(label, str):
        yield label, True, got == label
        if got is not None and got != label:
            yield got, False, True


def _flags(outcome: Outcome) -> Claims:
    label = outcome.expected.get("flags")
    if not isinstance(label, Mapping):
        return
    has, got = set(label.get("has", ())), set(outcome.document["flags"] or ())
    for flag in sorted(has | set(label.get("lacks", ()))):
        yield flag, flag in has, flag in got


def _right(label: object) -> str | None:
    """The verdict that is right: of several that are allowed, the first."""
    if isinstance(label, Mapping):
        allowed = label.get("any_of") or [None]
        label = allowed[0]
    return label if isinstance(label, str) else None


def _quantile(values: Sequence[float], share: float) -> float | None:
    """The least value that so large a share does not exceed."""
    if not values:
        return None
    return round(values[max(0, min(len(values) - 1, -int(-share * len(values) // 1) - 1))], 3)
