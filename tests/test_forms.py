"""Shorter ways to the same: folding, NFKC, choosing texts, and the numbers that sketches are made of."""

from __future__ import annotations

import random
import sys
import unicodedata
from collections import Counter
from unittest import mock
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from dslint.nfkc import fold, nfkc
from dslint.similarity import characters, difference, lexicon, many, normal_form, sketch, verify
from dslint.similarity.candidates import _met, reordered_plan
from dslint.similarity.choosing import checks
from dslint.similarity.neighbours import by_signature
from dslint.similarity.normal_form import normalise, normalise_bytes
from dslint.similarity.rows import normalise_rows
from dslint.similarity.verify import _by_neighbourhood

MARKS = " \t\n\u00a0\u2003\u3000，？：！（）ﬁＡé\u0338\u0301Σβßİ.aB  "
TEXTS = st.one_of(st.text(st.sampled_from(MARKS), max_size=30), st.text(max_size=20))
# What meets what stands beside it: case, marks, the letters of Hangul, points, hyphens and what vanishes.
MEETING = "aZ1 .,:-'…‥’\u00ad\u200b٣É\u0301ΣσϹßİŉ中，｡가ㄱㅏㅠ\u1100\u1161\u11a8ﾊﾞᾳ\u0345क\u094d\ud83d😀\ufffe\uffff"
MIXED = st.text(st.sampled_from(MEETING), max_size=30) | st.text(max_size=20)
SAID = st.lists(st.sampled_from("abcde"), max_size=12)
WORDS = st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 3).map(lambda high: high << 62 | 5), max_size=40)


@given(TEXTS)
def test_folded_text_has_no_case_and_single_spaces(text: str) -> None:
    assert fold(text) == " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@given(TEXTS)
def test_wide_marks_replaced_first_make_no_difference(text: str) -> None:
    assert nfkc(text) == unicodedata.normalize("NFKC", text)


def _rows(texts: list[str]) -> list[bytes]:
    """The texts normalised by the table of characters."""
    with mock.patch.object(characters, "WORTH", 0):
        return normalise_rows(texts).texts(np.arange(len(texts)))


@given(st.lists(MIXED, max_size=12))
def test_texts_by_table_are_normalised_as_one_by_one(texts: list[str]) -> None:
    assert _rows(texts) == [normalise_bytes(text) for text in texts]


@pytest.mark.parametrize("around", ["{}", "a{}", "a{}b", "1{}2", "ㄱ{}", "가{}"])
def test_every_character_by_table_is_the_same(around: str) -> None:
    texts = [around.format(chr(code)) for code in range(0xFFFF)]
    assert _rows(texts) == [normalise_bytes(text) for text in texts]


@given(WORDS, WORDS)
def test_what_is_met_is_what_both_have(values: list[int], others: list[int]) -> None:
    found = _met(np.array(values, np.uint64), np.array(others, np.uint64))
    assert found.tolist() == [place for place, value in enumerate(values) if value in others]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20))))
def test_pairs_in_another_order_are_the_same_pairs(pairs: list[tuple[int, int]]) -> None:
    a, b = (np.array(side, np.int64) for side in (zip(*pairs, strict=True) if pairs else ([], [])))
    assert sorted(_by_neighbourhood(a, b).tolist()) == list(range(len(pairs)))


@given(st.lists(st.text(st.sampled_from("abc "), min_size=4, max_size=40), min_size=2, max_size=12))
def test_letters_first_leave_every_score_as_it_is(texts: list[str]) -> None:
    texts = sorted({normalise(text) for text in texts})
    a, b = np.triu_indices(len(texts), 1)
    with mock.patch.object(verify, "COUNTED_PAIRS", 0):
        found = verify.scores(normalise_rows(texts), a, b, 60.0, 1)
    ordered = [" ".join(sorted(text.split())) for text in texts]
    ratios = [max(fuzz.ratio(t[i], t[j]) for t in (texts, ordered)) for i, j in zip(a, b, strict=True)]
    assert found.tolist() == [ratio if ratio >= 60 else 0 for ratio in ratios]


def _minima(text: bytes, count: int, unordered: bool = False) -> list[int]:
    """The minima of one row, gram by gram."""
    padded = b"\xff" + text + b"\xff"
    grams = [padded[at : at + 4] for at in range(len(padded) - 3)]
    grams = [gram for gram in grams if not (unordered and b" " in gram[1:3])] or grams
    numbers = np.array([int.from_bytes(gram, "little") for gram in grams], np.uint32)
    hashes = np.maximum(sketch._scrambled(numbers).astype(np.uint16), 1)
    return [int((hashes * multiplier).min()) for multiplier in sketch._multipliers(count)]


@given(
    st.lists(st.text(st.sampled_from("abcd e"), min_size=4, max_size=90), min_size=1, max_size=30), st.booleans()
)
def test_columns_give_every_row_its_own_minima(texts: list[str], unordered: bool) -> None:
    texts = [text for text in texts if len(" ".join(text.split())) >= 4] or ["abcd"]
    rows = normalise_rows(texts)
    found = sketch.signatures(rows, 5, unordered)
    assert found.T.tolist() == [_minima(text, 5, unordered) for text in rows.texts(np.arange(len(texts)))]


@given(st.lists(st.text(st.sampled_from("abcde"), min_size=2, max_size=9), min_size=3, max_size=9), st.randoms())
def test_the_order_of_words_is_nothing_to_the_second_sketch(words: list[str], rnd: random.Random) -> None:
    rows = normalise_rows([" ".join(words), " ".join(rnd.sample(words, len(words)))])
    keys, signature, _ = sketch._sign(rows, reordered_plan(85, 2))
    assert keys[:, 0].tolist() == keys[:, 1].tolist()
    assert signature[0].tolist() == signature[1].tolist()


@given(st.lists(st.tuples(st.integers(0, 2), st.lists(st.sampled_from((0, 255)), min_size=16, max_size=16))))
def test_rows_of_a_template_stand_by_bucket_signature_and_digest(given_rows: list[tuple[int, list[int]]]) -> None:
    rows = sorted([(0, [0] * 16), *given_rows], key=lambda row: row[0])  # as they come: by bucket
    buckets, shown = map(list, zip(*rows, strict=True))
    digests = np.arange(len(rows), dtype=np.uint64)[::-1]
    none = np.zeros(0, np.int64)
    made = sketch.Sketch(none, digests, none.view(np.uint64), none.view(np.uint64), np.array(shown, np.uint8))
    order = by_signature(made, 0, np.arange(len(rows)), np.array(buckets)).tolist()
    assert order == sorted(range(len(rows)), key=lambda row: (*rows[row], digests[row]))


@given(st.text(st.sampled_from("1a.,:-\n x'"), max_size=12))
def test_points_stay_between_digits_and_hyphens_beside_them(text: str) -> None:
    plain = text.replace("'", "")
    padded = f" {plain} "
    around = [one + other for one, other in zip(padded, padded[2:], strict=False)]
    kept = [
        " " if (mark in ".,:" and not sides.isdigit()) or (mark == "-" and sides.isalpha()) else mark
        for mark, sides in zip(plain, around, strict=True)
    ]
    assert normalise(text) == " ".join("".join(kept).split())


@given(st.text(st.sampled_from("aZé1½｡²Σİ \u00ad\u00b4\u0301\u200b\u2013\u2019٣你"), max_size=12))
def test_text_without_anything_unusual_is_looked_through_once(text: str) -> None:
    plain = nfkc(normal_form._VANISHING.sub("", text)).lower()
    plain = normal_form._UNUSUAL.sub(lambda found: normal_form._plain(found[0]), plain)
    assert normal_form.encode(text).lower() == plain.encode()


def test_no_letter_is_unusual_once_it_is_small_and_none_is_a_digit() -> None:
    letters = [letter for letter in map(chr, range(sys.maxunicode + 1)) if letter.isalpha()]
    assert not any(letter.isdigit() for letter in letters)
    usual = [letter for letter in letters if not normal_form._UNUSUAL.search(letter)]
    assert not normal_form._UNUSUAL.search("".join(usual).lower())


@given(
    st.lists(st.sampled_from(["thank", "you", "to", "do", "todo", "list", "dont", "cannot", "its"]), max_size=12)
)
def test_contractions_and_phrases_are_told_by_one_word(said: list[str]) -> None:
    lists = lexicon.lexicon()
    spelt = [part for word in said for part in lists.contractions.get(word, [word])]
    text = f" {' '.join(spelt)} "
    for phrase, single in lists.phrases.items():
        text = text.replace(f" {phrase} ", f" {single} ")
    assert lexicon.words(" ".join(said)) == text.split()


@given(st.text(st.sampled_from("aesdingz"), min_size=1, max_size=12))
def test_a_stem_keeps_three_letters(word: str) -> None:
    assert lexicon.stem(word)[:3] == word[:3]


@given(SAID, SAID)
def test_words_cancel_as_often_as_both_texts_have_them(left: list[str], right: list[str]) -> None:
    only_left, only_right = difference._difference(left, right)
    assert Counter(only_left) == Counter(left) - Counter(right)
    assert Counter(only_right) == Counter(right) - Counter(left)
    for rest, found in ((only_left, left), (only_right, right)):
        words = iter(found)
        assert all(word in words for word in rest)  # in the order in which they stand


@given(st.lists(st.integers(0, 30), min_size=2, max_size=200), st.integers(1, 500))
def test_pairs_drawn_in_parts_are_those_drawn_at_once(ends: list[int], room: int) -> None:
    digests = np.arange(31, dtype=np.uint64)
    a, b = np.array(ends[::2][: len(ends) // 2]), np.array(ends[1::2])
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("ALWAYS", room), ("CANDIDATES_PER_ROW", 0)):
            patch.setattr(many, name, value)
        whole = many._thinned(a, b, digests)
        patch.setattr(many, "_PART", 7)
        parts = many._thinned(a, b, digests)
    assert [found.tolist() for found in parts[:2]] == [found.tolist() for found in whole[:2]]
    assert whole[2] == parts[2] == len(a) - len(whole[0])
    assert len(a) > room or whole[2] == 0


def test_texts_that_know_their_checks_are_not_asked_again() -> None:
    class Known(list[str]):
        checks = (7, 9)

    assert list(checks(["a", "b"])) == [crc32(b"a"), crc32(b"b")]
    assert list(checks(Known(["a", "b"]))) == [7, 9]


def test_words_of_very_many_texts_are_counted_in_some(monkeypatch) -> None:
    monkeypatch.setattr(difference, "MOST", 100)
    texts = [f"ticket {number} of many" for number in range(1000)]
    some = difference.rarity(texts, {0, 1, 2})
    chosen = [number for number in range(3, 1000) if crc32(texts[number].encode()) % 9 == 0]
    assert some["ticket"] == len(chosen) >= 80
    assert difference.rarity(texts[::-1], {997, 998, 999}) == some


def test_few_long_rows_among_very_many_short_ones_take_no_more_room() -> None:
    sizes = np.array([3] * 50_000 + [4096] * 3)
    hashes = np.arange(int(sizes.sum()), dtype=np.uint32)
    blocks = list(sketch._columns(hashes, sizes))
    assert sorted(row for rows, _ in blocks for row in rows.tolist()) == list(range(len(sizes)))
    assert max(columns.size for _, columns in blocks) < 2 * sketch._CACHED + 4096


def test_text_that_repeats_itself_keeps_each_hash_once() -> None:
    hashes, sizes = sketch._distinct(np.array([1, 2] + [7] * 5000 + [3], np.uint32), np.array([2, 5000, 0, 1]))
    assert (hashes.tolist(), sizes.tolist()) == ([1, 2, 7, 3], [2, 1, 0, 1])
