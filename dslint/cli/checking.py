"""One run of `dslint split --check`: what of a folder is not as its manifest says."""

from __future__ import annotations

from pathlib import Path

from dslint.locking import OutputError
from dslint.manifest import differences
from dslint.report.text import plural
from dslint.report.visible import visible
from dslint.staging import leftovers

LONGEST = 500


def verify(folder: Path) -> int:
    """Say it on standard output, and return 0 for a sound split and 1 for one that differs."""
    left = leftovers(folder)
    if left and not folder.exists():
        where = visible(str(left[-1]), LONGEST)
        raise OutputError(f"{folder} is missing; {where} is of a run that was killed, the next split clears up")
    found = 0
    for line in differences(folder):
        print(visible(f"{folder}: {line}", LONGEST))
        found += 1
    if found:
        print(f"{plural(found, 'difference')}: not what dslint wrote")
        return 1
    print(f"{visible(str(folder), LONGEST)} is whole and unchanged: sizes, lines and digests are as in split.json")
    return 0
