"""Patterns: linear time, no surprises, and a gate that never misses what the check finds."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dslint.kinds import _literal
from dslint.patterns import PatternError, PatternSet, check_pattern, spans

HOSTILE = ["(a+)+$", "(a|aa)+$", "(a*)*b", r"(\w+\s?)+:$", r"^(([a-z])+.)+[A-Z]([a-z])+$", r"\s+$", "(.*)(.*)(.*)x"]
TEXTS = ["a" * 200_000, "a" * 200_000 + "!", " " * 200_000 + "x", "ab " * 60_000]


@pytest.mark.parametrize("pattern", HOSTILE)
def test_hostile_patterns_end(pattern):
    start = time.process_time()
    for text in TEXTS:
        for _ in zip(range(5), spans(pattern, text), strict=False):
            pass
        list(PatternSet([pattern]).rows([text, text]))
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("(?=a)b", "look-around is not supported"),
        ("a(?!b)", "look-around is not supported"),
        ("(?<=a)b", "look-around is not supported"),
        ("(?<!a)b", "look-around is not supported"),
        (r"(a)\1", "back-references are not supported"),
        ("(?P<x>a)(?P=x)", "back-references are not supported"),
        ("a{1000}{1000}", "bad repetition"),
        ("(", "missing )"),
        ("[a", "missing ]"),
        ("*", "no argument"),
        ("\\", "trailing"),
    ],
)
def test_what_no_engine_can_do_is_one_clear_line(pattern, said):
    with pytest.raises(PatternError) as raised:
        check_pattern(pattern)
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"\d", "٣", []),
        (r"\w+", "aé", [(0, 1)]),
        (r"\bé", "é", []),
        ("x*", "axxbx", [(1, 3), (4, 5)]),
        ("é+", "aéé😀é", [(1, 3), (4, 5)]),
        ("(?i)straße", "STRAßE", [(0, 6)]),
    ],
)
def test_spans_count_characters_and_are_never_empty(pattern, text, found):
    assert list(spans(pattern, text)) == found


PATTERNS = [
    *HOSTILE,
    r"\<\|im_(start|end)\|\>",
    r"\bsk-[A-Za-z0-9]{4,}\b",
    r"(x\\b)",
    r"\\B",
    "[a&&b]",
    "[a~~b]",
    "[!--]",
    "[+--a]+",
    r"[[:alpha:]\d_]+",
    r"^[a[b]c]$",
    r"[\]\[]",
    "^a{,5}$",
    r"a\b{start}",
    r"x\B.",
    r"(?i)k[^s]",
    r"(?i)[\w]ß",
    r"(?m)^#+\s$",
    r"(?s)a.b",
    r"[^\d\s]\d",
    r"\pL\p{Greek}",
    r"-----BEGIN",
    r"\x41|\x{1F600}",
    r"[^\x00-\x7f]{2}",
    r"^$|\A\z",
    "{|}",
    "a|",
]
ALPHABET = list("abkK\u212asſßéx3٣.-!&~[](){},<>|\\#:\n\r\u2028😀Ω")
PIECES = [*ALPHABET, " ", "\t", "<|im_start|>", "sk-abcd1234", "im_", "-----BEGIN", "\\b", "a{,5}", "{start}", "\0"]
texts = st.lists(st.sampled_from(PIECES) | st.characters(exclude_categories=["Cs"]), max_size=8).map("".join)


def may_match(pattern: str, text: str) -> bool:
    """Whether the gate lets a text through that stands among others."""
    return (1, 1) in PatternSet(["x", pattern, "a+"]).rows(["before", text, "", "after"])


@given(st.sampled_from(PATTERNS), texts)
@example(r"\<\|im_(start|end)\|\>", "<|im_start|>")
@example(r"(x\\b)", "x\\b")
@example("[a&&b]", "&")
@example("[!--]", "%")
@example("^[a[b]c]$", "ac]")
@example("^a{,5}$", "a{,5}")
@settings(max_examples=600, deadline=None)
def test_the_gate_lets_through_whatever_the_check_finds(pattern, text):
    if any(spans(pattern, text)):
        assert may_match(pattern, text)


pieces = st.sampled_from(
    [r"\b", r"\B", r"\<", r"\>", r"\d", r"\w", r"\s", "[", "]", "^", "$", "&&", "--", "a", "b", "(", ")"]
)
more = st.sampled_from(
    ["|", "*", "+?", "{2}", "{,2}", ".", "\\\\", "[:alpha:]", "(?i)", "(?m)", "~~", "-", "k", "ß", ":"]
)


@given(st.lists(pieces | more, max_size=7).map("".join), texts)
@settings(max_examples=1500, deadline=None)
def test_the_gate_law_holds_for_any_pattern_that_is_taken(pattern, text):
    try:
        found = any(spans(pattern, text))
    except PatternError:
        return
    if found:
        assert may_match(pattern, text)


@given(texts.filter(bool), texts, texts)
def test_a_phrase_is_found_as_it_stands(phrase, before, after):
    pattern = f"(?i)(?:{_literal(phrase)})"
    text = before + phrase + after
    assert any(spans(pattern, text))
    assert may_match(pattern, text)


def test_a_gate_lets_few_others_through():
    texts = ["one", "two sk-abcd1234", "three", "", "sk-abcd1234\nand more", "é sk-abcd1234"]
    assert list(PatternSet(["zebra", r"\bsk-[a-z0-9]+\b", "^t"]).rows(texts)) == [
        (1, 1),
        (1, 4),
        (1, 5),
        (2, 1),
        (2, 2),
    ]


def test_what_does_not_fit_into_memory_is_let_through(monkeypatch):
    monkeypatch.setattr("dslint.patterns.MEMORY", 20_000)
    large = "(a|b)*a(a|b){300}c"
    rows = set(PatternSet(["x", large, "y"]).rows(["an x", "a y", "-"]))
    assert {(0, 0), (2, 1)} <= rows
    assert not {(0, 1), (0, 2), (2, 0), (2, 2)} & rows
