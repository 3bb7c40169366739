"""Names by which a service knows a finding again, wherever its line stands in the next run."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

from dslint.locate import Located


class Fingerprints:
    """Names for the findings of one report, given in report order; no two are equal."""

    def __init__(self) -> None:
        self._given: Counter[str] = Counter()

    def of(self, located: Located) -> str:
        """From the rule, the record and the place in it, not from the line, its file or the message.

        What a sensitive rule found is masked in the text, so that nobody can try secrets against the name.
        """
        finding = located.finding
        where = finding.where
        content = located.text.strip() if where.line else where.source
        said = "\0".join((finding.code, where.pointer, content))
        digest = sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        self._given[digest] += 1
        return f"{digest}:{self._given[digest]}"
