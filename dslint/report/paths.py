"""File names as services want them: visible, relative to the folder that the run stands in, or as a URI."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from dslint.regex import regex
from dslint.report.visible import visible

LONGEST = 4096
NO_BYTE = regex("[\ud800-\udc7f\udd00-\udfff]")  # surrogates that stand for no undecodable byte of a name


def relative(name: str) -> str:
    """A file name without the current folder before it; one that lies elsewhere stays as it is."""
    path = Path(name)
    if path.is_absolute() and path.is_relative_to(here := Path.cwd()):
        return path.relative_to(here).as_posix()
    return name


def uri(name: str) -> str:
    """A file name as a URI reference, byte by byte; absolute only where the file lies outside the folder."""
    path = relative(name)
    encoded = quote(NO_BYTE.sub("\ufffd", path).encode("utf-8", "surrogateescape"))
    return f"file:///{encoded.lstrip('/')}" if path.startswith("/") else encoded


def in_command(name: str) -> str:
    """A file name as a runner takes it whole from a property of a command: it drops a `=` that begins one."""
    shown = visible(name, LONGEST)
    return f"./{shown}" if shown.startswith("=") else shown
