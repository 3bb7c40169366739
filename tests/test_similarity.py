"""Laws and known answers of the near-duplicate join."""

from __future__ import annotations

import random
from collections import Counter
from importlib import import_module

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from dslint.similarity import Pair, join, normalise
from dslint.similarity import near as near_module
from dslint.similarity.rows import normalise_rows

ALPHABET = "aB1 .,:-'!?\n\té’“—\u00a0\u200bñ中文。٣\ud800ﬁİΣ\x00\xff`\\"
HOSTILE = st.one_of(st.text(st.sampled_from(ALPHABET), max_size=30), st.text(max_size=20))


def requests(count: int, seed: int = 1) -> list[str]:
    """Made-up requests, a tenth of them small edits of earlier ones."""
    rng = random.Random(seed)
    stems = ["".join(rng.choices("bcdfglmnprst", k=2)) for _ in range(40)]
    nouns = [a + v + b for a in stems for v in "aeiou" for b in stems[:6]]
    texts = [" ".join(rng.choices(nouns, k=rng.randint(6, 14))) for _ in range(count * 9 // 10)]
    for text in rng.sample(texts, count - len(texts)):
        at = rng.randrange(len(text))
        texts.append(text[:at] + rng.choice("xyz") + text[at + 1 :])
    rng.shuffle(texts)
    return texts


def text_pairs(texts: list[str], **options: float) -> set[frozenset[str]]:
    found = join(texts, **options)
    return {frozenset((normalise(texts[p.a]), normalise(texts[p.b]))) for p in found.pairs}


@given(st.lists(HOSTILE, max_size=12))
def test_one_text_and_many_are_normalised_alike(texts):
    rows = normalise_rows(texts)
    assert [text.decode() for text in rows.texts(np.arange(len(texts)))] == list(map(normalise, texts))


@given(HOSTILE)
def test_normalised_text_is_single_spaced_and_lower_case(text):
    plain = normalise(text)
    assert plain == " ".join(plain.split(" ")).strip(" ")
    assert "  " not in plain
    assert normalise(text.swapcase() if text.isascii() else text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("  Hello,   World!! ", "hello world"),
        ("don't", "dont"),
        ("don’t", "dont"),
        ("1,000.50 at 10:30.", "1,000.50 at 10:30"),
        ("Wi-Fi -5 C++ c#", "wi fi -5 c++ c#"),
        ("ＦＵＬＬ　width！", "full width"),
        ("你好，世界。", "你好 世界"),
        ("“quoted” – dash", "quoted - dash"),
        ("٣ items", "3 items"),
        ("\ud800 x", "x"),
        ("", ""),
        ("\xff", "ÿ"),
    ],
)
def test_normalise(text, plain):
    assert normalise(text) == plain


def test_equal_texts_are_groups_and_blank_ones_are_not():
    texts = ["How are you?", "", "how are you", " ", "ok", "OK!", "HOW ARE YOU", "?!", "no"]
    assert join(texts) == ([], [[0, 2, 6], [4, 5]], 0)


def test_a_group_is_paired_through_its_first_row():
    texts = ["reset my pasword please", "x", "reset my password please", "Reset my password, please!"]
    found = join(texts)
    assert found.groups == [[2, 3]]
    assert [(p.a, p.b) for p in found.pairs] == [(0, 2)]
    assert found.pairs[0].score == round(fuzz.ratio(b"reset my pasword please", b"reset my password please"), 6)


def test_word_order_does_not_count():
    assert [p.score for p in join(["red shoes and a blue hat", "a blue hat and red shoes"]).pairs] == [100.0]


@pytest.mark.parametrize("texts", [[], ["one"], ["abc", "abd"], ["", ""]])
def test_nothing_to_pair(texts):
    assert join(texts).pairs == []


def test_short_texts_with_other_numbers_are_no_duplicates():
    short = "please generate invoice number {} for the customer of last week"
    assert join([short.format(1234), short.format(1235)]).pairs == []
    assert len(join([short.format(1234), short.format(1234).replace("week", "weak")]).pairs) == 1
    long = short + " and so on as we have always done it before" * 10
    assert len(join([long.format(1234), long.format(1235)]).pairs) == 1


@pytest.mark.parametrize("threshold", [49.9, 100.1, float("nan")])
def test_threshold_out_of_range(threshold):
    with pytest.raises(ValueError, match="threshold must be from 50 to 100"):
        join(["a"], threshold=threshold)


@given(st.lists(HOSTILE, max_size=12), st.sampled_from([80.0, 90.0, 100.0]))
def test_small_inputs_are_exact(texts, threshold):
    found = join(texts, threshold=threshold)
    assert found.pairs == sorted(found.pairs)
    first = {row: group[0] for group in found.groups for row in group}
    plain = [normalise(text).encode() for text in texts]
    for pair in found.pairs:
        assert pair.a < pair.b
        assert plain[pair.a] != plain[pair.b]
        assert pair.score >= threshold
        assert first.get(pair.a, pair.a) == pair.a
        assert first.get(pair.b, pair.b) == pair.b
    expected = {(row, group[0]) for group in found.groups for row in group}
    assert expected == {
        (j, plain.index(plain[j])) for j in range(len(plain)) if plain[j] and plain.count(plain[j]) > 1
    }


@given(st.integers(0, 10_000), st.sampled_from([80.0, 90.0]))
@settings(max_examples=10, deadline=None)
def test_order_of_rows_and_workers_change_nothing(seed, threshold):
    texts = requests(2500, seed)
    shuffled = random.Random(seed).sample(texts, len(texts))
    found = text_pairs(texts, threshold=threshold, workers=1)
    assert found
    assert text_pairs(shuffled, threshold=threshold, workers=3) == found


def test_order_of_rows_changes_nothing_in_a_template():
    rng = random.Random(5)
    syllables = ["ka", "ro", "mi", "ten", "sul", "bar", "vi", "do", "lex", "pan"]
    nouns = ["".join(rng.choices(syllables, k=3)) for _ in range(400)]
    slot = "please confirm the appointment of {} {} with the doctor at the clinic next week".format
    texts = [slot(rng.choice(nouns), rng.choice(nouns)) for _ in range(2200)]
    found = join(texts)
    assert found.capped > 0
    assert text_pairs(rng.sample(texts, len(texts))) == text_pairs(texts)
    assert len(found.pairs) < 100 * len(texts)


def test_sketches_find_what_comparing_every_pair_finds(monkeypatch):
    texts = requests(1900)
    exact = {(p.a, p.b): p.score for p in join(texts).pairs}
    monkeypatch.setattr(near_module, "ALL_PAIRS_ROWS", 0)
    sketched = {(p.a, p.b): p.score for p in join(texts).pairs}
    assert len(exact) > 150
    assert sketched.items() <= exact.items()
    assert len(sketched) >= 0.98 * len(exact)


def test_chunk_size_changes_nothing(monkeypatch):
    texts = [*requests(2500), "naïve " * 900]
    before = join(texts)
    monkeypatch.setattr(import_module("dslint.similarity.rows"), "CHUNK_CHARS", 777)
    monkeypatch.setattr("dslint.similarity.rows.PART_BYTES", 5000)
    monkeypatch.setattr("dslint.similarity.sketch._SEGMENT", 300)
    monkeypatch.setattr("dslint.similarity.candidates._BLOCK", 50)
    monkeypatch.setattr("dslint.similarity.verify._BATCH", 60)
    assert join(texts) == before


def test_what_is_kept_on_a_disk_changes_nothing(monkeypatch):
    texts = [*requests(2500), "naïve " * 900]
    before = join(texts)
    monkeypatch.setattr("dslint.similarity.scratch.IN_MEMORY", 100)
    monkeypatch.setattr("dslint.spilling.IN_MEMORY", 100)
    monkeypatch.setattr("dslint.similarity.candidates.PART_ROWS", 400)
    assert join(texts) == before


def test_sketches_of_an_earlier_join_are_used_where_texts_are_the_same(monkeypatch, tmp_path):
    monkeypatch.setattr("dslint.similarity.sketch.WORTH", 0)
    sketches = import_module("dslint.similarity.sketch")
    seen, sign = [], sketches._sign
    monkeypatch.setattr(sketches, "_sign", lambda rows, plan: (seen.append(len(rows.lengths)), sign(rows, plan))[1])
    texts = requests(2500)
    others = [*texts[1500:], *(f"{text} now" for text in texts[:40]), *texts[:1400]]
    join(texts, kept=tmp_path)
    assert sum(seen) >= 2500
    for asked in (texts, others, others, texts):
        expected = join(asked)
        assert join(asked, kept=tmp_path) == expected
    seen.clear()
    join([*texts, "something else altogether"], kept=tmp_path)
    assert 1 <= sum(seen) <= 2
    for path in tmp_path.iterdir():
        for body in (b"", b"x" * 1000, path.read_bytes()[:-1] + b"?", path.read_bytes()[:-8]):
            path.write_bytes(body)
            assert join(texts, kept=tmp_path) == join(texts)


def test_a_folder_for_sketches_that_cannot_be_written_changes_nothing(monkeypatch, tmp_path):
    monkeypatch.setattr("dslint.similarity.sketch.WORTH", 0)
    (tmp_path / "file").write_text("")
    texts = requests(2500)
    assert join(texts, kept=tmp_path / "file") == join(texts)


def test_long_documents():
    rng = random.Random(2)
    vocabulary = requests(400)
    documents = [" ".join(rng.choices(vocabulary, k=120)) for _ in range(40)]
    edited = [text[:100] + "#" + text[101:5000] + "#" + text[5001:] for text in documents]
    found = {(p.a, p.b) for p in join(documents + edited).pairs}
    assert {(i, i + 40) for i in range(40)} == found


def test_text_that_repeats_itself_is_found():
    texts = ["ha" * 3000 + tail for tail in ("", "x", "yy")]
    assert len(join(texts + requests(2500)).pairs) >= 3


def test_numbers_on_both_sides_of_the_length_where_they_count():
    body = "the order of the customer in the shop at the corner is still on its way to him "
    short = (body * 4)[:285] + " no 77"
    long = short + " as he says"
    found = join([short, long, *requests(2500)])
    assert Pair(0, 1, found.pairs[0].score) == found.pairs[0]


def test_a_large_template_gives_every_row_some_partners_and_not_all():
    ends = ("ab", "ek", "il", "om", "ut", "ax", "ez")
    words = [f"{first}{end}" for first in "bdfgklmnprst" for end in ends]
    text = "please write a short and friendly reply to the customer {} who asks about the order {} from last week"
    texts = [text.format(one, other) for one in words for other in words]
    found = join(texts, threshold=90)
    partners = Counter(row for pair in found.pairs for row in pair[:2])
    assert len(found.pairs) < 40 * len(texts)
    assert found.capped > 0
    assert len(partners) > 0.99 * len(texts)
