"""Write what the fixtures give now as what they must give: `python tests/refresh_fixtures.py`, then read it."""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path

from dslint.cli import run

FIXTURES = Path(__file__).parent.parent / "fixtures"
LINT = ["lint", "--no-progress", "--max-per-rule", "0", "--color", "never"]


def output(folder: Path, *arguments: str) -> str:
    os.chdir(folder)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        run([*LINT, *arguments])
    return out.getvalue()


def main() -> None:
    for path in sorted(FIXTURES.glob("err/*.jsonl")):
        path.with_suffix(".txt").write_text(output(path.parent, "--isolated", path.name), "utf-8")
    for folder in sorted(FIXTURES.glob("projects/*")):
        (folder / "expected.txt").write_text(output(folder), "utf-8")
    for path in sorted(FIXTURES.glob("fix/*.jsonl")):
        if not path.stem.endswith(".fixed"):
            fixed = path.with_name(f"{path.stem}.fixed.jsonl")
            fixed.write_bytes(path.read_bytes())
            output(path.parent, "--isolated", "--fix", "--unsafe-fixes", fixed.name)


if __name__ == "__main__":
    main()
