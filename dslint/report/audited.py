"""What an audit measured, in lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dslint.near_search import Audited
from dslint.report.text import plural
from dslint.report.visible import visible


def audit_lines(audits: Sequence[Audited]) -> Iterator[str]:
    """A line that says of what, and one for each likeness."""
    if not audits:
        yield "audit: no rule of this run looks for near-duplicates"
    for audited in audits:
        others = f" and {plural(len(audited.paths) - 1, 'more file')}" if len(audited.paths) > 1 else ""
        asked = f"{audited.asked:,} of {plural(audited.questions, 'question')} compared with all others"
        yield f"audit of {visible(audited.paths[0], 300)}{others}: {asked}"
        for level, there in audited.at:
            had = f"{there.found:,} of {plural(there.expected, 'pair')} found, recall {there.recall:.4f}"
            yield f"  likeness {level:g} or more: {had if there.expected else 'no pairs'}"
        if audited.capped:
            passed = f"{plural(audited.capped, 'pair')} in large templates"
            yield f"  a step of the search passed over {passed} (--exact compares all)"
