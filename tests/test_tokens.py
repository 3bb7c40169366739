"""Token counts: exact, offline, and never more than bytes."""

from __future__ import annotations

import gzip
import socket
from pathlib import Path
from typing import Any

import pytest
import tiktoken_ext.openai_public as official
from hypothesis import given, settings
from hypothesis import strategies as st

from dslint import tokens
from dslint.records import Record
from dslint.tokens import TokenError, count_with_tiktoken, count_with_toktok, encoding, encodings, upper_bound

PIECES = [
    *("the", " billing", "Überweisung", "日本語", "한국어", "हिन्दी", "سلام\u200cخوبی", "é", "\u0301"),
    *("👩\u200d👩\u200d👧", "don't", "I'LL", "\n\n", "\r\n", "\t", "  ", "1234567", "3.14", "\x00"),
    *("<|endoftext|>", "<|im_start|>", "```python", "==", "a" * 300, "%20"),
]


@pytest.mark.parametrize(("name", "ids"), [("o200k_base", [24912, 2375]), ("cl100k_base", [15339, 1917])])
def test_ids_are_those_tiktoken_documents(name: str, ids: list[int]) -> None:
    assert encoding(name).encode_ordinary("hello world") == ids


@pytest.mark.parametrize("name", ["o200k_base", "cl100k_base"])
def test_data_is_what_the_installed_tiktoken_expects(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, str] = {}

    def remember(url: str, expected_hash: str) -> dict[bytes, int]:
        asked[url] = expected_hash
        return {}

    monkeypatch.setattr(official, "load_tiktoken_bpe", remember)
    expected: dict[str, Any] = getattr(official, name)()
    ours = encodings()[name]
    assert asked == {ours["source"]: ours["sha256"]}
    assert ours["pattern"] == expected["pat_str"]
    assert ours["special_tokens"] == expected["special_tokens"]


@settings(max_examples=300, derandomize=True, deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=20)), max_size=12).map("".join),
    st.sampled_from(["o200k_base", "cl100k_base"]),
)
def test_toktok_counts_what_tiktoken_counts(text: str, name: str) -> None:
    assert count_with_toktok(name, [text]) == count_with_tiktoken(name, [text])


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=20)), max_size=12).map("".join))
def test_tokens_are_never_more_than_bytes(text: str) -> None:
    assert count_with_tiktoken("o200k_base", [text])[0] <= upper_bound(text)


def test_text_of_special_tokens_is_counted_as_text() -> None:
    assert count_with_tiktoken("o200k_base", ["<|endoftext|>"])[0] > 1


def test_a_lone_surrogate_is_counted_as_the_replacement_character() -> None:
    assert count_with_tiktoken("o200k_base", ["a\ud800"]) == count_with_tiktoken("o200k_base", ["a?"])


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "socket", refuse)
    encoding.cache_clear()
    assert count_with_tiktoken("o200k_base", ["hello world"]) == [2]


@pytest.mark.parametrize("body", [b"no gzip", gzip.compress(b"aGk= 0\n", mtime=0)])
def test_a_damaged_rank_file_is_said_in_one_line(
    body: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "o200k_base.tiktoken.gz").write_bytes(body)
    encodings()
    monkeypatch.setattr(tokens, "DATA", tmp_path)
    encoding.cache_clear()
    with pytest.raises(TokenError) as error:
        encoding("o200k_base")
    assert "o200k_base.tiktoken.gz" in str(error.value)
    assert "\n" not in str(error.value)


def test_an_unknown_encoding_names_the_known_ones() -> None:
    with pytest.raises(TokenError, match="o200k_base"):
        tokens.counter("p50k_base")


def test_a_conversation_is_counted_by_the_published_rule() -> None:
    messages = [
        {"role": "user", "content": "hello world", "name": "ann"},
        {"role": "assistant", "content": "hello world"},
    ]
    counts, extra = tokens.record_tokens(Record({"messages": messages}), "o200k_base", per_message=3, reply=3)
    role_and_text = 1 + 2
    assert counts == [3 + role_and_text + 1 + 1, 3 + role_and_text]
    assert extra == 3
