"""Records that answer the same question differently, and which of them a split sets aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from dslint.clustering import Clustering
from dslint.compare import answer_of
from dslint.dataset import Dataset, NearPair, asked, question
from dslint.disagreement import copied, labels_differ
from dslint.facts import Facts
from dslint.findings import Fact, Finding
from dslint.records import digest
from dslint.recordset import Forest, Line

KEEP, REJECT, MAJORITY = "keep", "reject", "majority"
POLICIES = (KEEP, REJECT, MAJORITY)
EQUAL = 100.0


class Dispute(NamedTuple):
    """Records that contradict each other: the finding that says so, and what each of them answers."""

    finding: Finding
    answers: Mapping[Line, frozenset[bytes]]

    def rejected(self, policy: str, sound: Collection[Line]) -> list[Line]:
        """The records that a policy sets aside; only sound ones have a vote.

        A majority is the answer that more records give than any other: without one nobody knows, and all go.
        """
        voting = {line: answers for line, answers in self.answers.items() if line in sound}
        if policy == KEEP:
            return []
        if policy == REJECT:
            return list(voting)
        ranked = Counter(answer for answers in voting.values() for answer in answers).most_common(2)
        if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
            return list(voting)
        return [line for line, answers in voting.items() if answers != {ranked[0][0]}]


def disputes(findings: Sequence[Finding], turns: Facts, clustering: Clustering) -> list[Dispute]:
    """The disputes that findings tell of, each with all who take part.

    `findings` are those of rules about conflicts, `turns` the facts of `compare.by_turn`. A finding names the
    neighbours of one record; who contradicts those belongs to the same dispute, whatever the order of the lines.
    """
    if not findings:
        return []
    nodes = _Nodes()
    keys = _keys(findings, turns)
    for finding in findings:
        for place in _places(finding):
            nodes.join(_node(_places(finding)[0], keys), _node(place, keys))
    for one, other in _contradicting(clustering.pairs, clustering.dataset):
        nodes.join(one, other)
    told: dict[int, Finding] = {}
    for finding in sorted(findings, key=Finding.sort_key):
        told.setdefault(nodes.root(_node(_places(finding)[0], keys)), finding)
    taking_part: dict[int, dict[Line, frozenset[bytes]]] = {root: {} for root in told}
    for node, line, answer in _answers(findings, turns, keys):
        taking = taking_part.get(nodes.root(node))
        if taking is not None:
            taking[line] = taking.get(line, frozenset()) | {answer}
    return [Dispute(told[root], taking_part[root]) for root in told]


class _Nodes:
    """Questions, and records without one, that belong to one dispute."""

    def __init__(self) -> None:
        self._forest, self._numbers = Forest(), dict[Node, int]()

    def _number(self, node: Node) -> int:
        if node not in self._numbers:
            self._numbers[node] = self._forest.add()
        return self._numbers[node]

    def join(self, one: Node, other: Node) -> None:
        """Make one dispute of two."""
        self._forest.join(self._number(one), self._number(other))

    def root(self, node: Node) -> int:
        """The number of the first of its dispute, -1 for what has no part in any."""
        return self._forest.root(self._numbers[node]) if node in self._numbers else -1


Place = tuple[str, int, str]
Node = bytes | Line  # a question, or a record that has none


def _places(finding: Finding) -> list[Place]:
    found = [finding.where, *(related.where for related in finding.related)]
    return [(where.source, where.line, where.pointer) for where in found]


def _keys(findings: Iterable[Finding], turns: Iterable[Fact]) -> dict[Place, bytes]:
    """The questions whose answers stand at the places that findings name."""
    named = {place for finding in findings for place in _places(finding)}
    lines = {place[:2] for place in named}
    found = {}
    for fact in turns:
        if (fact.source, fact.line) in lines:
            found[fact.source, fact.line, answer_of(fact.value).answered_at] = fact.key
    return {place: key for place, key in found.items() if place in named}


def _node(place: Place, keys: Mapping[Place, bytes]) -> Node:
    return keys.get(place, place[:2])


def _contradicting(pairs: Iterable[NearPair], dataset: Dataset) -> Iterator[tuple[bytes, bytes]]:
    """Questions that are the same but for typos or neutral words, and have different labels for an answer.

    Of many texts that are equal once normalised only pairs with the first are known: all of them are one question.
    """
    from dslint.similarity import normalise

    for pair in pairs:
        one, other = pair[:2]
        equal = pair.score >= EQUAL and normalise(question(one)) == normalise(question(other))
        if equal or (labels_differ(pair) and dataset.same_request(pair) and not copied(pair)):
            yield asked(one), asked(other)


def _answers(
    findings: Iterable[Finding], turns: Iterable[Fact], keys: Mapping[Place, bytes]
) -> Iterator[tuple[Node, Line, bytes]]:
    """(question, record, its answer); the answer of a record that a rule names without one is its own."""
    for fact in turns:
        yield fact.key, (fact.source, fact.line), answer_of(fact.value).digest
    for finding in findings:
        for place in _places(finding):
            if place not in keys and place[1]:
                yield place[:2], place[:2], digest(list(place[:2]))
