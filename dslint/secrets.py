"""Secrets and personal data in text: how they are told from placeholders, and where they stand in a record."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from math import log2
from typing import Any, NamedTuple

from dslint.findings import Finding, tokens
from dslint.patterns import spans
from dslint.records import Message, strings
from dslint.regex import regex

ENTROPY = 3.0  # bits a character; a random key has 3.5 and more, `xxxx` and the like 2 and less
PLACEHOLDER = regex(
    r"example\b|x{6}|\*{3}|\.{3}|0{8}|your|change_?me|placeholder|dummy|redacted|abcdefghij|0123456789|1234567890",
    re.IGNORECASE,
)


class Key(NamedTuple):
    """A kind of key: whose it is, the literal marks it has one of, its whole pattern, the least entropy."""

    of: str
    marks: tuple[str, ...]
    pattern: str
    entropy: float


def literal(text: str) -> str:
    """The pattern that matches just this text."""
    return "".join(sign if sign.isalnum() or not sign.isascii() or sign in " _-" else f"\\{sign}" for sign in text)


def any_of(texts: Iterable[str]) -> str:
    """The pattern that matches any of these texts."""
    return "|".join(literal(text) for text in texts)


def key(table: Mapping[str, Any]) -> Key:
    """A key from its table: `before`, one of the `marks`, `after`, where before and after are patterns."""
    marks = tuple(table["marks"])
    pattern = f"(?:{table.get('before', '')})(?:{any_of(marks)})(?:{table.get('after', '')})"
    return Key(table["of"], marks, pattern, table.get("entropy", ENTROPY))


def entropy(text: str) -> float:
    """Shannon entropy in bits a character."""
    counts = sorted(Counter(text).values())
    return -sum(count / len(text) * log2(count / len(text)) for count in counts)


def is_placeholder(text: str) -> bool:
    """Whether a text only stands for a secret: `your-key-here`, `xxxxxxxx`, `AKIA...EXAMPLE`."""
    return PLACEHOLDER.search(text) is not None


def fingerprint(secret: str) -> str:
    """16 hexadecimal digits that a secret can be listed by without being told."""
    import hashlib

    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def keys_in(
    text: str, keys: Iterable[Key], published: frozenset[str] = frozenset()
) -> Iterator[tuple[Key, int, int]]:
    """(kind of key, start, end) of each key that is none of the `published` ones and no placeholder."""
    for kind in keys:
        if any(mark in text for mark in kind.marks):
            for start, end in spans(kind.pattern, text):
                secret = text[start:end]
                random = entropy(secret) >= kind.entropy and not is_placeholder(secret)
                if random and stands_alone(text, start, end) and fingerprint(secret) not in published:
                    yield kind, start, end


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether no letter, digit or underscore continues the span on either side."""
    return not _continues(text[max(0, start - 1) : start], text[start]) and not _continues(
        text[end : end + 1], text[end - 1]
    )


def _continues(beside: str, edge: str) -> bool:
    return _in_word(beside) and _in_word(edge)


def _in_word(sign: str) -> bool:
    return sign.isascii() and (sign.isalnum() or sign == "_")


def finding_at(message: Message, start: int, end: int, said: str, *, severity: str = "") -> Finding:
    """A finding about characters of a turn's text, placed in the string of the record that holds them.

    A turn's text may be put together from several strings (parts, an instruction and its input). What is found in
    none of them is reported for the record as a whole, so that all of it is masked.
    """
    data, text = message.record.data, message.text[start:end]
    pointer = message.finding("").where.pointer
    value = _resolve(data, pointer)
    if isinstance(value, str) and value[start:end] == text:
        return message.record.finding(said, pointer=pointer, span=(start, end), severity=severity)
    for inner, held in (*strings(value, pointer), *strings(data)):
        first = held.find(text)
        if first >= 0:
            return message.record.finding(said, pointer=inner, span=(first, first + len(text)), severity=severity)
    return message.record.finding(said, severity=severity)


def _resolve(value: Any, pointer: str) -> Any:
    for name in tokens(pointer):
        if isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            value = value[int(name)]
        else:
            value = value.get(name) if isinstance(value, dict) else None
    return value
