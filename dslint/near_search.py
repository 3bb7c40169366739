"""How the near-duplicates of a run are looked for, and how many of those there are the search has found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from dslint.similarity import Audit, Join

AUDITED = 300  # questions
LIKENESS = 90.0  # what most rules ask for
NOTICED = 30.0  # seconds; who waits longer for an exact search is told


class Audited(NamedTuple):
    """What an audit measured of one set: at each likeness some of its questions compared with all others.

    `capped` is the most pairs in large templates that any one step of the search has passed over.
    """

    paths: tuple[str, ...]
    questions: int
    capped: int
    exact: bool
    at: tuple[tuple[float, Audit], ...]

    @property
    def asked(self) -> int:
        """How many questions were compared with all others."""
        return max(audit.rows for _, audit in self.at)


def _nothing(_: str) -> None:
    pass


@dataclass
class NearSearch:
    """How to search: `exact` compares every pair; `audit` measures each search into `audits`; `say` warns.

    The last search is remembered, since a split asks twice for the same. `kept` names the folder, for the paths of
    a set, in which a later run finds what it can use.
    """

    exact: bool = False
    audit: bool = False
    say: Callable[[str], None] = _nothing
    audits: list[Audited] = field(default_factory=list)
    kept: Callable[[Sequence[str]], Path] | None = None
    _last: tuple[Sequence[str], float, Join] | None = None

    def join(self, texts: Sequence[str], threshold: float, paths: Sequence[str]) -> Join:
        """The join of the questions of a set, which stands in `paths`; what most of them say is left out."""
        if self._last is None or self._last[:2] != (texts, threshold):
            self._last = texts, threshold, self._join(texts, threshold, paths)
        return self._last[2]

    def _join(self, texts: Sequence[str], threshold: float, paths: Sequence[str]) -> Join:
        from dslint.similarity import join
        from dslint.similarity.boilerplate import bare, restored

        among = bare(texts)
        compared = texts if among is None else among.texts
        if self.exact:
            self._announce(compared, threshold)
        found = join(compared, threshold=threshold, exact=self.exact, kept=self.kept(paths) if self.kept else None)
        if self.audit:
            self._measure(compared, found, threshold, paths)
        return found if among is None else restored(found, among, texts, threshold)

    def _measure(self, texts: Sequence[str], found: Join, threshold: float, paths: Sequence[str]) -> None:
        from dslint.similarity import audit_at

        levels = sorted({LIKENESS, threshold}, reverse=True)
        measured = audit_at(texts, found, levels, rows=AUDITED)
        at = tuple(zip(levels, measured, strict=True))
        self.audits.append(Audited(tuple(paths), len(texts), found.capped, self.exact, at))

    def _announce(self, texts: Sequence[str], threshold: float) -> None:
        from dslint.similarity.brute import effort

        pairs, seconds = effort([len(text) for text in texts], threshold)
        if seconds > NOTICED:
            minutes = f"{seconds / 60:,.0f} minutes" if seconds >= 90 else "a minute"
            self.say(f"--exact: {len(texts):,} questions, {pairs:,} comparisons, about {minutes} on two cores")
