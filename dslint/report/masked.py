"""Lines with what sensitive rules found in them made unreadable, whichever rule shows the line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from dslint.dataset import File
from dslint.engine import Plan
from dslint.findings import Finding
from dslint.layouts import by_name
from dslint.locate import Located, locate, located
from dslint.mapper import Mapper
from dslint.precise import examine
from dslint.regex import regex
from dslint.ruledef import Rule
from dslint.sources import Source

MASK = "•"
WORD = regex(r"[^\s'\"⟨⟩→…,;]{3,}")  # three letters of a secret tell nothing
PART = regex(r"\S{8,}")  # shorter words, such as those of an address, stand in many texts


def masked(wanted: Sequence[Finding], hidden: Sequence[Finding], sources: Sequence[Source]) -> Iterator[Located]:
    """The wanted findings with their places, every text without what the hidden findings lead to.

    Both are in report order. A masked text is as long as it was; a secret that stands in its line more than once is
    masked everywhere.
    """
    known, secret = set(wanted), set(hidden)
    secrets: dict[tuple[str, int], set[str]] = {}
    for one in locate(hidden, sources):
        secrets.setdefault(_line(one), set()).add(one.text[one.start : one.end])
    extra = [finding for finding in hidden if finding not in known]
    ordered = sorted([*wanted, *extra], key=Finding.sort_key) if extra else wanted
    for _, group in groupby(locate(ordered, sources), key=_line):
        on_line = list(group)
        text = _masked(on_line[0].text, [one for one in on_line if one.finding in secret])
        for one in on_line:
            if one.finding in known:
                finding = one.finding if one.finding in secret else _unquoted(one.finding, secrets)
                yield one._replace(text=text, finding=finding)


def _unquoted(finding: Finding, secrets: Mapping[tuple[str, int], set[str]]) -> Finding:
    """The finding without the words of its message and notes that are part of a secret on one of its lines."""
    places = [finding.where, *(related.where for related in finding.related)]
    words = "\n".join(sorted({text for where in places for text in secrets.get((where.source, where.line), ())}))
    if not words:
        return finding
    related = tuple(one._replace(note=_without_words(one.note, words)) for one in finding.related)
    return finding._replace(message=_without_words(finding.message, words), related=related)


def _without_words(text: str, secret: str) -> str:
    """A quotation may be cut, so that what is left of a secret is known by its words alone."""
    return WORD.sub(lambda word: MASK * len(word[0]) if word[0] in secret else word[0], text)


def secrets_of(hidden: Sequence[Finding], sources: Sequence[Source]) -> list[str]:
    """What the hidden findings, which are in report order, lead to; the longest first."""
    found = {one.text[one.start : one.end] for one in locate(hidden, sources)}
    return sorted((text for text in found if text), key=lambda text: (-len(text), text))


def without(text: str, secrets: Sequence[str]) -> str:
    """A text from any line without these secrets and without parts of them that are long enough to tell."""
    for secret in secrets:
        text = text.replace(secret, MASK * len(secret))
    return PART.sub(lambda part: MASK * len(part[0]) if any(part[0] in one for one in secrets) else part[0], text)


class Masking:
    """Lines as text, without what the sensitive ones of these rules find when they look at each by itself.

    A line that a fix has written may hold what no finding of the run speaks of.
    """

    def __init__(self, rules: Iterable[Rule], layout: str = "") -> None:
        sensitive = [rule for rule in rules if rule.sensitive]
        self.mapper = Mapper(Plan(sensitive), File("", ""), layout=by_name(layout)) if sensitive else None

    def text(self, raw: bytes) -> str:
        """A line, which has no line feed, of the same length as it is; undecodable bytes as lone surrogates."""
        text = raw.decode("utf-8", "surrogateescape")
        if self.mapper is None:
            return text
        findings = self.mapper.map([raw]).findings
        scan = examine(raw if findings else b"")
        text = _masked(text, [located(finding, raw, scan) for finding in findings])
        findings.clear()
        return text


def _line(located: Located) -> tuple[str, int]:
    return located.finding.where.source, located.finding.where.line


def _masked(text: str, secrets: Iterable[Located]) -> str:
    for one in secrets:
        text = _without(text, one.text[one.start : one.end], one.start)
    return text


def _without(text: str, secret: str, start: int) -> str:
    mask = MASK * len(secret)
    text = text[:start] + mask + text[start + len(secret) :]
    return text.replace(secret, mask) if secret else text
