"""Lines with what sensitive rules found in them made unreadable, whichever rule shows the line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from dslint.findings import Finding
from dslint.locate import Located, locate
from dslint.sources import Source

MASK = "•"


def masked(wanted: Sequence[Finding], hidden: Sequence[Finding], sources: Sequence[Source]) -> Iterator[Located]:
    """The wanted findings with their places, every text without what the hidden findings lead to.

    Both are in report order. A masked text is as long as it was; a secret that stands in its line more than once is
    masked everywhere.
    """
    known, secret = set(wanted), set(hidden)
    extra = [finding for finding in hidden if finding not in known]
    ordered = sorted([*wanted, *extra], key=Finding.sort_key) if extra else wanted
    for _, group in groupby(locate(ordered, sources), key=_line):
        located = list(group)
        text = located[0].text
        for one in located:
            if one.finding in secret:
                text = _without(text, one.text[one.start : one.end], one.start)
        for one in located:
            if one.finding in known:
                yield one._replace(text=text)


def _line(located: Located) -> tuple[str, int]:
    return located.finding.where.source, located.finding.where.line


def _without(text: str, secret: str, start: int) -> str:
    mask = MASK * len(secret)
    text = text[:start] + mask + text[start + len(secret) :]
    return text.replace(secret, mask) if secret else text
