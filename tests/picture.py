"""`docs/lint.svg`: what a terminal shows of a run over the example in the README."""

from __future__ import annotations

import contextlib
import io
import os
import re
from pathlib import Path

from rich.console import CONSOLE_SVG_FORMAT, Console
from rich.text import Text

from dslint.cli import run

ROOT = Path(__file__).resolve().parent.parent
COMMAND = "dslint lint --select leaked-record,DUP103,DUP104,answer-cut-off"
FONT_FACES = re.compile(r"\s*@font-face \{\{.*?\}\}", re.S)  # they would be fetched from somewhere
WIDTH = 114


def picture() -> str:
    """The SVG; no font of it is fetched."""
    before = Path.cwd()
    os.chdir(ROOT / "fixtures" / "projects" / "triage")
    try:
        shown = io.StringIO()
        with contextlib.redirect_stdout(shown), contextlib.redirect_stderr(io.StringIO()):
            run([*COMMAND.split()[1:], "--output-format", "full", "--color", "always", "--no-progress"])
    finally:
        os.chdir(before)
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text(f"$ {COMMAND}\n"))
    console.print(Text.from_ansi(shown.getvalue()))
    return console.export_svg(
        title="dslint", unique_id="dslint", code_format=FONT_FACES.sub("", CONSOLE_SVG_FORMAT)
    )
