"""Words of a text as the guard reads them: normalised, contractions spelt out, and the word lists behind that."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from dslint.regex import regex
from dslint.similarity.normal_form import blanked

_APOSTROPHES = "\u00b4\u02bc\u2018\u2019"
# Scripts written without spaces: every character is a word.
_UNSPACED = "\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
UNSPACED = f"([{_UNSPACED}])"
_APART = regex(UNSPACED)

LONGEST = 2_000  # characters of a text whose words are remembered


class Lexicon(NamedTuple):
    """The word lists of `words_en.toml`."""

    neutral: frozenset[str]
    meaningless: frozenset[str]  # neutral or modal
    negation: frozenset[str]
    numbers: frozenset[str]
    pronouns: frozenset[str]
    endpoints: frozenset[str]
    reversing_prefixes: tuple[str, ...]
    phrases: Mapping[str, str]
    modal: Mapping[str, str]
    phrase_signs: frozenset[str]  # one word of every phrase, its longest
    contractions: Mapping[str, list[str]]
    clitics: Mapping[str, str]


@cache
def lexicon() -> Lexicon:
    """The English word lists, read once."""
    data = tomllib.loads(Path(__file__).with_name("words_en.toml").read_text("utf-8"))
    return Lexicon(
        neutral=frozenset(data["neutral"]),
        meaningless=frozenset(data["neutral"]).union(data["modal"]),
        negation=frozenset(data["negation"]),
        numbers=frozenset(data["numbers"]),
        pronouns=frozenset(data["pronouns"]),
        endpoints=frozenset(data["endpoints"]),
        reversing_prefixes=tuple(data["reversing_prefixes"]),
        phrases=data["phrases"],
        modal=data["modal"],
        phrase_signs=frozenset(max(phrase.split(), key=len) for phrase in data["phrases"]),
        contractions={short: long.split() for short, long in data["contractions"].items()},
        clitics=data["clitics"],
    )


def words(text: str) -> list[str]:
    """The words of a text in order, contractions spelt out."""
    return list(_words(text) if len(text) <= LONGEST else _words.__wrapped__(text))


@lru_cache(maxsize=20_000)  # a text is compared with many others
def _words(text: str) -> tuple[str, ...]:
    lists = lexicon()
    if not text.isascii():
        for mark in _APOSTROPHES:
            text = text.replace(mark, "'")
    if "'" in text:
        text = _clitics().sub(lambda found: lists.clitics[found[0]], text.lower())
    plain = blanked(text).decode("utf-8", "replace")
    if not plain.isascii():
        plain = " ".join(_APART.split(plain))
    found = plain.split()
    if not lists.contractions.keys().isdisjoint(found):
        found = _spelt_out(found, lists.contractions)
    return tuple(found if lists.phrase_signs.isdisjoint(found) else _made_one(found, lists.phrases))


def _spelt_out(found: list[str], contractions: Mapping[str, list[str]]) -> list[str]:
    spelt = []
    for word in found:
        if word in contractions:
            spelt += contractions[word]
        else:
            spelt.append(word)
    return spelt


def _made_one(found: list[str], phrases: Mapping[str, str]) -> list[str]:
    """The words, those of a phrase as one."""
    text = f" {' '.join(found)} "
    for phrase, single in phrases.items():
        text = text.replace(f" {phrase} ", f" {single} ")
    return text.split()


@cache
def _clitics() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(map(re.escape, lexicon().clitics))})\b")


def stem(word: str) -> str:
    """The word without s, ed, ing, a final e or the doubling of its last letter, where enough is left."""
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    for suffix in ("ing", "ed"):
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            word = word[: -len(suffix)]
            break
    else:
        word = word[:-1] if word.endswith("e") and len(word) > 4 else word
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word
