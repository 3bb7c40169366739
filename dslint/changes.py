"""Which lines of a file were added or changed since a revision, as git tells it."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from dslint.config import ConfigError
from dslint.findings import Finding, Where
from dslint.sources import Source

HUNK = re.compile(rb"@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@")
# Whatever the user's configuration says, the differences are those of git itself and of the bytes.
DIFF = ("diff", "--unified=0", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "--text")


class Changed:
    """The added and changed lines of a file; `new` says that the file was not there."""

    def __init__(self, ranges: Sequence[range], *, new: bool) -> None:
        self.ranges, self.new = ranges, new

    def __contains__(self, line: int) -> bool:
        return self.new or any(line in lines for lines in self.ranges)


def _git(folder: Path, *arguments: str) -> bytes:
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, check=False, env=os.environ | {"LC_ALL": "C"})
    except OSError as error:
        raise ConfigError(f"git: {error.strerror}") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise ConfigError(f"git {arguments[0]}: {said[0] if said else f'exit code {done.returncode}'}")
    return done.stdout


def _base(folder: Path, revision: str) -> str:
    """The commit that this branch and the revision have in common, as a pull request is compared."""
    given = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    commit = given.decode().strip()
    try:
        return _git(folder, "merge-base", commit, "HEAD").decode().strip()
    except ConfigError:
        return commit  # a history that was fetched in part, or none in common


def changed(source: Source, revision: str) -> Changed:
    """What changed in a file since the revision, whether committed or not. Raises ConfigError."""
    path = (source.original or source.path).resolve()
    folder = path.parent
    try:
        base = _base(folder, revision)
    except ConfigError:
        raise ConfigError(
            f"--diff-base {revision}: no such revision in the repository of {source.name} (fetch-depth: 0 gets all)"
        ) from None
    if not _git(folder, "ls-tree", base, "--", path.name):
        return Changed((), new=True)
    told = _git(folder, *DIFF, base, "--", path.name)
    hunks = (HUNK.match(line) for line in told.split(b"\n") if line.startswith(b"@@"))
    return Changed([_lines(hunk) for hunk in hunks if hunk], new=False)


def _lines(hunk: re.Match[bytes]) -> range:
    first, count = int(hunk[1]), 1 if hunk[2] is None else int(hunk[2])
    return range(first, first + count)


def on_changes(findings: Iterable[Finding], sources: Sequence[Source], revision: str) -> list[Finding]:
    """The findings that speak of an added or changed line, be it beside others; of a whole file, if it is new."""
    known = {source.name: changed(source, revision) for source in sources}

    def touched(where: Where) -> bool:
        return where.source in known and where.line in known[where.source]

    return [
        finding
        for finding in findings
        if touched(finding.where) or any(touched(other.where) for other in finding.related)
    ]
