"""Near-duplicates with different labels, and which words of a set change the label."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from dslint.compare import answer_of, digest_of
from dslint.dataset import Dataset, NearPair, question
from dslint.differences import aligned
from dslint.labels import short_are_labels

if TYPE_CHECKING:
    from dslint.similarity import Difference

MOST_PAIRS = 50_000  # that words are learned from, the first in file order


class Contradiction(NamedTuple):
    """A near pair with different labels, and what tells its questions apart."""

    pair: NearPair
    difference: Difference

    @property
    def copied(self) -> bool:
        """Whether the labels differ in just what tells the questions apart; asked of few, since it takes long."""
        return copied(self.pair)


_known: WeakKeyDictionary[Dataset, dict[float, list[Contradiction]]] = WeakKeyDictionary()


def contradicting(dataset: Dataset, min_score: float) -> list[Contradiction]:
    """The near pairs of a dataset with different labels; none where short answers are no labels."""
    known = _known.setdefault(dataset, {})
    if min_score not in known:
        near = dataset.near(min_score)
        differing = (pair for pair in near if labels_differ(pair)) if near and short_are_labels(dataset) else ()
        known[min_score] = [Contradiction(pair, dataset.difference(pair)) for pair in differing]
    return known[min_score]


def labels_differ(pair: NearPair) -> bool:
    """Whether both answers are labels and differ."""
    one, other = pair.first.value, pair.second.value
    return digest_of(one) != digest_of(other) and answer_of(one).label and answer_of(other).label


def copied(pair: NearPair) -> bool:
    """Whether the answers differ in just what tells the questions apart, as where both are made from a template."""
    asked, said = [question(fact) for fact in pair[:2]], [answer_of(fact.value).shown for fact in pair[:2]]
    only_asked, only_said = ((one - other, other - one) for one, other in (map(_words, asked), map(_words, said)))
    if any(only_asked):
        return only_asked == only_said
    return _shared(*said) and _changed(*said) <= _changed(*asked)


def _shared(text: str, other: str) -> bool:
    """Whether two answers have words in common: a bare one may be chosen from the question, not made from it."""
    return bool(_words(text) & _words(other)) and _words(text) != _words(other)


def _changed(text: str, other: str) -> set[tuple[str, str]]:
    """What is put for what from one text to the other, word for word where as many words are."""
    found: set[tuple[str, str]] = set()
    for left, right in (step for step in aligned(_plain(text), _plain(other))[1] if not step.same):
        pairs = zip(left, right, strict=True) if len(left) == len(right) else [(" ".join(left), " ".join(right))]
        found.update(pairs)
    return found


@lru_cache(maxsize=20_000)  # a question has many neighbours, a label many questions
def _words(text: str) -> frozenset[str]:
    from dslint.similarity.lexicon import words

    return frozenset(words(text))


def _plain(text: str) -> str:
    from dslint.similarity import normalise

    return normalise(text)


@dataclass
class Changes:
    """How many near pairs differ in these words alone, added or put for each other, and how many in labels."""

    pairs: Counter[frozenset[str]] = field(default_factory=Counter)
    changed: Counter[frozenset[str]] = field(default_factory=Counter)

    def harmless(self, words: frozenset[str], support: int, most: float) -> bool:
        """Whether these words, which stand between two labels here, change none elsewhere: together, or each."""
        if not words:
            return False
        one_by_one = (self._agreed(frozenset((word,)), support, most) for word in words)
        return self._agreed(words, support, most) or all(one_by_one)

    def _agreed(self, words: frozenset[str], support: int, most: float) -> bool:
        others = self.pairs[words] - 1  # the pair that is asked about does not count
        return others >= support and self.changed[words] - 1 <= most * others


def learned(dataset: Dataset, min_score: float) -> Changes:
    """What the near pairs of a dataset whose answers are labels tell of words."""
    found = Changes()
    told = {id(known.pair): known.difference for known in contradicting(dataset, min_score)}
    for pair in dataset.near(min_score)[:MOST_PAIRS]:
        one, other = answer_of(pair.first.value), answer_of(pair.second.value)
        if not (one.label and other.label):
            continue
        words = (told.get(id(pair)) or dataset.difference(pair)).words
        if words:
            found.pairs[words] += 1
            found.changed[words] += one.digest != other.digest
    return found
