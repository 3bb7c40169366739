"""The guard on the difference of two texts, and clusters of pairs."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dslint.similarity import Pair, components, guard, join, rarity, stars

COMMON = dict.fromkeys(
    ["can", "card", "cart", "change", "oil", "tires", "date", "data", "time", "maria", "book", "flight"], 100
)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("How do I reset my password?", "how can i reset my password please"),
        ("I top up", "I topped up"),
        ("I want to top up my card", "i want to topup my card"),
        ("I can't reset my password", "I cannot reset my password"),
        ("I’m locked out", "i am locked out"),
        ("what's the weather", "what is the weather"),
        ("organise my inbox", "organize my inbox"),
        ("where is my pakage", "where is my package"),
        ("thank you where is my card", "thanks, where is my card"),
        ("set an alarm", "set the alarm now"),
        ("", ""),
    ],
)
def test_same_request(a, b):
    assert guard(a, b, COMMON) == ""


@pytest.mark.parametrize(
    ("a", "b", "reason"),
    [
        ("change my oil", "change my tires", "word"),
        ("what is the date", "what is the time", "word"),
        ("what is the date", "what is the data", "word"),
        ("is my card there", "is my cart there", "word"),
        ("install the new app", "uninstall the new app", "word"),
        ("turn the light on", "turn the light off", "word"),
        ("where is my card", "where is your card", "word"),
        ("book 2 flights", "book 3 flights", "number"),
        ("book two flights", "book three flights", "number"),
        ("do it", "do not do it", "negation"),
        ("you'd call", "you wouldn't call", "negation"),
        ("i can pay", "i will pay", "modal"),
        ("should i pay now", "do i pay now", "modal"),
        ("can you call me", "can me call you", "roles"),
        ("flight from oslo to rome", "flight from rome to oslo", "roles"),
        ("Convert 5 miles to kilometers", "convert 5 kilometers to miles", "reordered"),
        ("cell A than cell B", "cell B than cell A", "reordered"),
        ("我要退款", "我不要退款", "word"),
        ("pay the bill", "pay the bill " + "with words that nobody has in mind ever", "length"),
        ("a " * 3, " ".join(map(chr, range(0x400, 0x500))), "length"),
    ],
)
def test_different_request(a, b, reason):
    assert guard(a, b, COMMON) == reason
    assert guard(b, a, COMMON) == reason


def test_only_a_rare_word_can_be_a_misspelling():
    assert guard("block my carrd now", "block my card now", COMMON) == ""
    assert guard("block my carrd now", "block my card now", COMMON | {"carrd": 50}) == "word"


@given(st.text(max_size=40), st.text(max_size=40))
def test_guard_answers_any_text(a, b):
    assert guard(a, b, {}) in ("", "length", "number", "negation", "word", "modal", "roles", "reordered")
    assert guard(a, a, {}) == ""


def test_rarity_counts_texts():
    assert rarity(["Pay, pay and pay!", "don't pay"]) == {"pay": 2, "and": 1, "do": 1, "not": 1}


def chain(count: int, score: float) -> list[Pair]:
    return [Pair(i, i + 1, score) for i in range(count - 1)]


def test_stars_do_not_drift():
    assert stars(chain(5, 91), 5) == [[1, 0, 2], [3, 4]]
    assert stars([Pair(0, 3, 90), Pair(1, 3, 90), Pair(2, 3, 90)], 4) == [[3, 0, 1, 2]]
    assert stars([], 3) == []


def test_components_join_chains():
    assert components([Pair(0, 4, 90), Pair(2, 4, 91), Pair(1, 3, 99)], 6) == ([[0, 2, 4], [1, 3]], 0)


def test_a_component_that_drifted_is_cut_again():
    pairs = [*chain(60, 91), Pair(0, 59, 96), Pair(70, 71, 80)]
    assert components(pairs, 100) == ([[0, 59], [70, 71]], 1)
    assert components(pairs, 100_000) == ([list(range(60)), [70, 71]], 0)


def test_a_pair_of_rows_that_are_not_there():
    with pytest.raises(ValueError, match="is not of 3 rows"):
        stars([Pair(0, 3, 90)], 3)


@given(st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)).filter(lambda p: p[0] < p[1])), st.randoms())
def test_clusters_share_no_row_and_do_not_depend_on_the_order_of_pairs(edges, rng):
    pairs = [Pair(a, b, 90.0) for a, b in edges]
    shuffled = random.Random(rng.random()).sample(pairs, len(pairs))
    for cluster in (stars, lambda pairs, rows: components(pairs, rows)[0]):
        found = cluster(pairs, 20)
        assert found == cluster(shuffled, 20)
        members = [row for group in found for row in group]
        assert len(members) == len(set(members))
    assert {row for group in components(pairs, 20)[0] for row in group} == {row for edge in edges for row in edge}
    for centre, *others in stars(pairs, 20):
        assert all((min(centre, row), max(centre, row)) in edges for row in others)


def test_join_and_clusters_fit_together():
    texts = ["reset my password", "reset my pasword", "where is my order", "reset my passwort", "where is my ordr"]
    assert components(join(texts).pairs, len(texts)) == ([[0, 1, 3], [2, 4]], 0)


def test_many_texts_are_counted_as_few_are(monkeypatch):
    texts = [f"Parcel {number} is lost, Straße {number % 3}, 你好!" for number in range(10)] + ["", "don't", "rare"]
    few = rarity(texts)
    monkeypatch.setattr("dslint.similarity.difference.MANY", 0)
    monkeypatch.setattr("dslint.similarity.frequency.CHUNK", 4)
    assert rarity(texts) == {word: count for word, count in few.items() if count > 3}
