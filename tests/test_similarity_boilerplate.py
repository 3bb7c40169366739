"""Sentences that most texts share tell none apart, and what is alike without them is alike as a whole, too."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_near_search import write
from test_similarity import requests

from dslint.near_search import NearSearch
from dslint.similarity import boilerplate, join
from dslint.similarity.boilerplate import bare, restored

RULES = "Read the request of the customer below and name its intent.\nDo not explain your answer.\n"
TASKS = ["Summarise what follows in one line:", "Translate what follows to German:", "Fix the spelling below:"]


def near(texts: list[str], threshold: float = 85.0) -> dict[tuple[int, int], float]:
    found = NearSearch().join(texts, threshold, ["a.jsonl"])
    return {(pair.a, pair.b): pair.score for pair in found.pairs}


@pytest.mark.parametrize("around", [(RULES, ""), ("", "\n" + RULES), (RULES.replace("\n", " "), "\n" + RULES)])
def test_a_template_around_the_questions_changes_nothing(around):
    plain = requests(1500)
    assert near([plain[row].join(around) for row in range(1500)]) == near(plain)


def test_without_it_every_row_of_a_template_is_near_every_other():
    plain = [f"{text[:30]}." for text in requests(200)]
    texts = [RULES + text for text in plain]
    assert len(join(texts, threshold=85.0).pairs) > 50 * len(near(texts))


def test_the_same_text_under_two_tasks_is_no_duplicate():
    asked = [
        f"Where is my parcel {word}?" for word in ("now", "going", "exactly", "please", "from", "today", "yet")
    ]
    texts = [f"{task} {text}" for text in asked for task in TASKS] * 3
    found = NearSearch().join(texts, 90.0, ["a.jsonl"])
    assert found.groups == [[row, row + 21, row + 42] for row in range(21)]
    assert all(texts[pair.a].split(":")[0] == texts[pair.b].split(":")[0] for pair in found.pairs)


def test_the_same_long_text_under_two_tasks_is_near_as_it_was():
    long = " ".join(requests(60))
    texts = [f"{task} {long[row * 50 : row * 50 + 2000]}" for row in range(40) for task in TASKS[:2]]
    assert bare(texts) is not None
    scores = near(texts)
    whole = {(pair.a, pair.b): pair.score for pair in join(texts, threshold=85.0, exact=True).pairs}
    assert all(scores[row, row + 1] == whole[row, row + 1] < 100 for row in range(0, 80, 2))


def test_a_question_asked_again_and_again_is_no_boilerplate():
    others = requests(200)
    again = ["Hello there my friend. What is the speed of light?"] * 60
    close = "Hello there my friend. What is the speed of light? Ok?"
    assert bare([*others, *again]) is None
    assert (200, 260) in near([*others, *again, close])


def test_texts_of_common_sentences_alone_stay_whole():
    first, second = "The patient is looking happy.", "The patient takes the medicine."
    texts = [f"{first} {second} {word}" for word in requests(60)] + [first, f"{second} {first}"]
    among = bare(texts)
    assert among is not None
    assert among.texts[-2:] == texts[-2:]
    assert list(among.left_out[-2:]) == [0, 0]
    assert among.texts[:60] == requests(60)
    assert len(set(among.left_out[:60])) == 1


@given(st.integers(0, 10_000), st.sampled_from([85.0, 90.0]))
@settings(max_examples=15)
def test_what_is_near_is_near_as_a_whole_and_in_any_order(seed, threshold):
    rng = random.Random(seed)
    asked = [text[: rng.choice((9, 40, 99))] for text in rng.choices(requests(60), k=120)]
    texts = ["\n".join([*rng.sample(TASKS, rng.randint(0, 3)), text]) for text in asked]
    assert bare(texts) is not None
    found = near(texts, threshold)
    whole = {(p.a, p.b): p.score for p in join(texts, threshold=threshold, exact=True).pairs}
    assert all(found[pair] <= whole[pair] + 1e-6 for pair in found)
    order = rng.sample(range(120), 120)
    shuffled = near([texts[row] for row in order], threshold)
    pairs = {frozenset((texts[a], texts[b])) for a, b in found}
    assert {frozenset((texts[order[a]], texts[order[b]])) for a, b in shuffled} == pairs


def test_very_many_mixtures_of_common_sentences_cost_no_square(monkeypatch):
    sentences = [f"The patient says that {word}." for word in requests(16)]
    texts = ["\n".join([*(s for at, s in enumerate(sentences) if row >> at & 1), "ok then"]) for row in range(3000)]
    among = bare(texts)
    assert among is not None
    asked: list[int] = []
    monkeypatch.setattr(boilerplate, "_alike", lambda edges, *rest: asked.append(len(edges)) or [])
    restored(join(among.texts, threshold=85.0), among, texts, 85.0)
    assert 3000 < asked[0] <= boilerplate.MOST_KINDS * 3000


def test_a_template_leaks_only_what_it_asks_twice(main, here):
    plain = requests(400)
    write(here / "train.jsonl", [RULES + text for text in plain[:300]])
    write(here / "test.jsonl", [RULES + text for text in [*plain[300:], plain[0] + "x"]])
    known = {(pair.a, pair.b) for pair in join([*plain, plain[0] + "x"], threshold=90.0).pairs}
    ran = main("lint", ".", "--isolated", "--select", "near-leak", "--output-format", "json")
    leaked = {finding["line"] for finding in json.loads(ran.out)["findings"]}
    assert leaked == {b - 299 for a, b in known if a < 300 <= b}
    assert 101 in leaked
