"""Labels of a classification set: what they are, how often each occurs, which of them are one label spelt twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import islice
from weakref import WeakKeyDictionary

from dslint.compare import answer_of
from dslint.dataset import Dataset
from dslint.facts import Facts
from dslint.findings import Fact, Finding, Related, Where
from dslint.nfkc import fold
from dslint.regex import regex

# A set is read as a classification when it is this large, when nearly all of its answers read like labels, and when
# a label stands for several records each.
MIN_RECORDS = 20
LABEL_SHARE = 0.95
RECORDS_PER_LABEL = 4
MAX_LABELS = 1_000
# Times a short answer must occur in the mean to be a label. Read on real sets: of labels at least 12 (in small sets
# of many labels it may be few), of small talk, names and numbers at most 2.6.
RECURRING = 3
LOOKED_AT = 100_000  # records that tell whether short answers are labels, the first in file order

ENOUGH = 10  # records: where half of the labels have fewer, a label with one is nothing unusual
RELATED = 20  # places a finding names beside its own

# Label (stripped, cut at 60 characters) to the facts of the records that have it, both in file order.
Labels = Mapping[str, list[Fact]]

ENDS = " .,;:!?\"'`“”‘’«»()[]"
BETWEEN_LETTERS = regex(r"(?<=[^\W\d_])[\s_-]+(?=[^\W\d_])")
BETWEEN = regex(r"(?<=[^\W_])[\s_-]+(?=[^\W_])")

_known: WeakKeyDictionary[Dataset, Labels] = WeakKeyDictionary()


def answers_of_all(facts: Iterable[Fact]) -> dict[str, list[Fact]]:
    """Every answer, label or not, with the facts of the records that have it."""
    found: dict[str, list[Fact]] = {}
    for fact in facts:
        shown = answer_of(fact.value).shown
        if shown:
            found.setdefault(shown, []).append(fact)
    return found


def labels_of(dataset: Dataset) -> Labels:
    """The labels of a set whose facts are those of `by_question`; empty when it is no classification."""
    if dataset not in _known:
        _known[dataset] = _labels(dataset.facts)
    return _known[dataset]


def _labels(facts: Facts) -> Labels:
    if len(facts) < MIN_RECORDS:
        return {}
    prose, allowed = 0, (1 - LABEL_SHARE) * len(facts)
    most = min(MAX_LABELS, len(facts) // RECORDS_PER_LABEL)
    found: dict[str, list[Fact]] = {}
    for fact in facts:
        answer = answer_of(fact.value)
        if answer.label:
            found.setdefault(answer.shown, []).append(fact)
        else:
            prose += 1
        if prose > allowed or len(found) > most:
            return {}
    lone = sum(len(having) == 1 for having in found.values())
    return found if len(found) > 1 and 2 * lone <= len(found) else {}


def short_are_labels(dataset: Dataset) -> bool:
    """Whether the short answers of a set, be they few among others, are labels: each of several records.

    In small talk and where names are asked for nearly every one is new. Of fewer than MIN_RECORDS nobody can tell,
    and they are taken for labels.
    """
    answers = (answer_of(fact.value) for fact in islice(dataset.facts, LOOKED_AT))
    short = [answer.digest for answer in answers if answer.label]
    return len(short) < MIN_RECORDS or len(set(short)) * RECURRING <= len(short)


def spelling(label: str) -> str:
    """The same for labels that differ in case, white space, outer punctuation, or in `-`, `_` and space only."""
    folded = fold(label)
    return BETWEEN.sub(" ", BETWEEN_LETTERS.sub("", folded.strip(ENDS) or folded))


def variants(labels: Labels) -> dict[str, str]:
    """Labels that are a spelling of another, more frequent one, each with that one.

    Single letters that differ in case may well be two labels, unless one of them is rare.
    """
    by_spelling: dict[str, list[str]] = {}
    for label in labels:
        by_spelling.setdefault(spelling(label), []).append(label)
    found = {}
    for key, same in by_spelling.items():
        usual = min(same, key=lambda label: -len(labels[label]))
        rare = {label for label in same if is_rare(labels, label, usual)}
        found.update({label: usual for label in same if label != usual and (len(key) > 1 or label in rare)})
    return found


RARE = 10  # times a label must be less frequent than the one it is taken for a slip of


def is_rare(labels: Labels, label: str, usual: str) -> bool:
    """Whether a label has at most a tenth of the records of another."""
    return len(labels[label]) * RARE <= len(labels[usual])


# Letters of the shorter label from which one edit, or two, are a slip and not another word.
ONE_EDIT, TWO_EDITS = 4, 9
DIGITS = regex(r"\d+")


def is_slip(label: str, usual: str) -> bool:
    """Whether one or two edits make a label the other, with no number and no beginning changed."""
    from rapidfuzz.distance import OSA

    one, other = spelling(label), spelling(usual)
    shorter = min(len(one), len(other))
    if shorter < ONE_EDIT or DIGITS.findall(one) != DIGITS.findall(other):
        return False
    distance = OSA.distance(one, other, score_cutoff=2)
    swapped = sorted(one) == sorted(other) or len(one) != len(other)
    if one[0] != other[0] and sorted(one) != sorted(other):
        return False
    return (distance == 1 and (swapped or shorter > ONE_EDIT)) or (distance == 2 and shorter >= TWO_EDITS)


def slips(labels: Labels) -> dict[str, str]:
    """Rare labels that one or two edits make a frequent one, each with the likeliest."""
    spelt = variants(labels)
    found = {}
    for label in labels:
        likely = [
            usual
            for usual in labels
            if usual not in spelt and is_rare(labels, label, usual) and is_slip(label, usual)
        ]
        if label not in spelt and likely:
            found[label] = min(likely, key=lambda usual: -len(labels[usual]))
    return found


def real(labels: Labels) -> Labels:
    """The labels without those that are a spelling or a slip of another."""
    wrong = {**variants(labels), **slips(labels)}
    return {label: having for label, having in labels.items() if label not in wrong}


def usual_count(labels: Labels) -> int:
    """The median number of records a label has."""
    counts = sorted(len(having) for having in labels.values())
    return counts[(len(counts) - 1) // 2]


def finding(having: list[Fact], message: str, note: str = "the same label", *, severity: str = "") -> Finding:
    """A finding at the answer of the first of these records, with the places of the others."""
    first, *others = ((fact, answer_of(fact.value).answered_at) for fact in having[: RELATED + 1])
    related = tuple(Related(Where(fact.source, fact.line, at), note) for fact, at in others)
    return first[0].finding(message, pointer=first[1], related=related, severity=severity)


def records(count: int) -> str:
    """`1 record`, `2,000 records`."""
    return f"{count:,} record{'' if count == 1 else 's'}"


def most_frequent_answer(facts: Facts, share: float) -> list[Fact]:
    """The facts with the most frequent answer, if more than a share of all have it; none is an answer as well."""
    often = frozenset(_frequent(map(_answer, facts), int(1 / share) if share else len(facts)))
    counts = Counter(answer for answer in map(_answer, facts) if answer in often) if often else Counter()
    most, times = counts.most_common(1)[0] if counts else (b"", 0)
    return [fact for fact in facts if _answer(fact) == most] if times > share * len(facts) else []


def _answer(fact: Fact) -> bytes:
    return answer_of(fact.value).digest


def _frequent(answers: Iterable[bytes], most: int) -> list[bytes]:
    """At most so many of the answers, with all that are more than one in `most + 1` among them.

    They are counted without a counter for each (Misra and Gries 1982): a set of prose has as many as records.
    """
    counts: dict[bytes, int] = {}
    for answer in answers:
        if answer in counts:
            counts[answer] += 1
        elif len(counts) < most:
            counts[answer] = 1
        else:
            counts = {known: count - 1 for known, count in counts.items() if count > 1}
    return list(counts)
