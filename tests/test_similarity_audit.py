"""The exact join, and the measure of the one that is not."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_similarity import HOSTILE, requests, text_pairs

from dslint.similarity import Audit, Join, audit, join
from dslint.similarity import near as near_module
from dslint.similarity.few import join_few
from dslint.similarity.many import join_many


@given(st.lists(HOSTILE, max_size=12), st.sampled_from([50.0, 80.0, 90.0, 100.0]))
def test_both_ways_to_compare_every_pair_agree(texts, threshold):
    pairs, *rest = join_many(texts, threshold, 1, exact=True)
    assert (list(pairs), *rest) == join_few(texts, threshold)


def test_exact_finds_every_pair_of_a_large_input(monkeypatch):
    texts = requests(1900)
    few = join(texts)
    monkeypatch.setattr(near_module, "ALL_PAIRS_ROWS", 0)
    monkeypatch.setattr("dslint.similarity.brute._ROWS", 100)
    monkeypatch.setattr("dslint.similarity.brute._OTHERS", 300)
    assert join(texts, exact=True) == few


def test_a_family_that_is_too_large_for_the_join_is_whole_when_exact():
    rng = random.Random(5)
    texts = [f"please confirm the visit of {rng.randbytes(3).hex()} with the doctor next week" for _ in range(1200)]
    texts = [text.translate(str.maketrans("0123456789", "ghijklmnop")) for text in texts]
    assert join(texts).capped > 0
    exact = join(texts, exact=True)
    assert exact.capped == 0
    assert set(join(texts).pairs) < set(exact.pairs)


@given(st.integers(0, 1000), st.floats(0, 1), st.sampled_from([80.0, 90.0]))
@settings(max_examples=10, deadline=None)
def test_an_audit_counts_what_was_taken_from_a_join(seed, share, threshold):
    texts = requests(600, seed)
    whole = join(texts, threshold=threshold)
    rng = random.Random(seed)
    damaged = Join([pair for pair in whole.pairs if rng.random() < share], whole.groups, 0)
    judged = audit(texts, damaged, threshold, rows=len(texts))
    assert judged == Audit(judged.rows, len(whole.pairs), len(damaged.pairs))


def test_an_audit_of_some_rows_sees_the_damage():
    texts = requests(2500)
    whole = join(texts)
    sound = audit(texts, whole, 90.0, rows=1000)
    assert sound.rows == 1000
    assert sound.expected > 50
    assert sound.recall > 0.97
    halved = audit(texts, Join(whole.pairs[::2], whole.groups, 0), 90.0, rows=1000)
    assert halved.expected == sound.expected
    assert 0.3 < halved.recall < 0.7


def test_an_audit_chooses_by_content_and_seed():
    texts = requests(1500)
    shuffled = random.Random(1).sample(texts, len(texts))
    none = Join([], [], 0)
    first = audit(texts, none, 90.0, rows=200)
    assert audit(shuffled, none, 90.0, rows=200) == first
    assert len({audit(texts, none, 90.0, rows=200, seed=seed).expected for seed in range(8)}) > 1
    assert text_pairs(texts) == text_pairs(shuffled)


@pytest.mark.parametrize("texts", [[], ["one text"], ["", ""], ["same", "same"]])
def test_an_audit_of_nothing(texts):
    judged = audit(texts, join(texts), 90.0)
    assert (judged.expected, judged.recall) == (0, 1.0)
