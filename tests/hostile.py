"""Text that tries to act, and ports of the readers it tries to act on."""

from __future__ import annotations

import random
import re
import unicodedata
from typing import NamedTuple

ACTING = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")  # control, bidi and zero-width characters, separators of lines
BLANKS = "\u034f\u115f\u1160\u17b4\u180b\u3164\ufe0f\uffa0\U000e0101"  # no width or no ink, of other categories
TRICKS = [
    "::error file=a::b",
    "##[error]x",
    "###[stop-commands]x",
    "##vso[task.setvariable variable=PATH]x",
    "##teamcity[x]",
    "\x1b]8;;http://x\x07",
    "\x1b[2J",
    "a\r\n::add-mask::b",
    "\u202eevil\u2066",
    "zero\u200bwidth\ufeff",
    "%0A::warning::x",
    "\u2028::notice::x",
    "\x85::debug::x",
    ",line=9::",
    "\udce9\ud800",
    *BLANKS,
]


def acts(shown: str) -> bool:
    return any(char in BLANKS or unicodedata.category(char) in ACTING for char in shown)


# The runner's reader of commands: actions/runner, src/Runner.Common/ActionCommand.cs (TryParseV2, then TryParse),
# except that it knows all commands there may ever be, not just those of today.
COMMAND = re.compile(r"[a-z][a-z-]*", re.IGNORECASE)


class Command(NamedTuple):
    """What a line of output makes the runner do."""

    name: str
    properties: dict[str, str]
    data: str


def unescaped(text: str, *more: str) -> str:
    for char in ("\r", "\n", *more, "%"):
        text = text.replace(f"%{ord(char):02X}", char)
    return text


def assigned(text: str, separator: str, *escaped: str) -> dict[str, str]:
    """Split(separator) and Split('=', 2), both without empty entries, as .NET has them."""
    pairs = (part.lstrip("=").partition("=") for part in text.split(separator))
    values = ((key, value.lstrip("=")) for key, _, value in pairs)
    return {key: unescaped(value, *escaped) for key, value in values if key and value}


def parsed(line: str) -> Command | None:
    trimmed = line.lstrip()
    end = trimmed.find("::", 2)
    if trimmed.startswith("::") and end >= 0:
        name, _, properties = trimmed[2:end].partition(" ")
        if COMMAND.fullmatch(name):
            return Command(name, assigned(properties.strip(), ",", ":", ","), unescaped(trimmed[end + 2 :]))
    start = line.find("##[")
    end = line.find("]", start)
    if start >= 0 and end >= 0:
        name, _, properties = line[start + 3 : end].partition(" ")
        if COMMAND.fullmatch(name):
            return Command(name, assigned(properties, ";", ";", "]"), unescaped(line[end + 1 :], ";", "]"))
    return None


def commands(output: str) -> list[Command]:
    return [command for line in re.split(r"\r\n|\r|\n", output) if (command := parsed(line))]


# The agent's reader: microsoft/azure-pipelines-agent, Command.cs (TryParse) with the unescaping of percent signs.


def issues(output: str) -> list[Command]:
    """What the lines of output make an Azure Pipelines agent do."""
    found = []
    for line in re.split(r"\r\n|\r|\n", output):
        start = line.find("##vso[")
        end = line.find("]", start)
        if start >= 0 and end >= 0:
            name, _, properties = line[start + 6 : end].partition(" ")
            pairs = (part.lstrip("=").partition("=") for part in properties.split(";"))
            values = {key: _decoded(value.lstrip("=")) for key, _, value in pairs if key and value.strip("=")}
            found.append(Command(name, values, _decoded(line[end + 1 :])))
    return found


def _decoded(text: str) -> str:
    for char in ";\r\n]":
        text = text.replace(f"%{ord(char):02X}", char)
    return text.replace("%AZP25", "%")


MARKUP = [
    *("<script>alert(1)</script>", "</details>", "</code>", "</summary>", "<!--", "<b", "&lt;", "&#10;", "&amp"),
    *("]]>", "<![CDATA[", "<?xml?>", "</failure>", "\x00", "\x0b", "\ufffe", "\uffff", "\U0001ffff"),
    *("`", "``", "|", "\\|", "\\", "\\`", "*b*", "_b_", "~~s~~", "$x$", "\n\n# h\n", "- [ ] x", "\n|-|\n"),
    *("[x](http://evil.example)", "![x](http://evil.example)", "[x](1)", "](1)", "[", "]", "[^1]", "<http://e.x>"),
    *("{0}", "{{", "}}", "{", "}", "@octocat", "#1", "www.evil.example", "http://evil.example", "a@evil.example"),
    *("%3B", "%AZP25", "%0D", "%5D", "%", ";", "=", "type=x;", '"', "'", '"/>', " ", "\t", "\xa0", "é😀", "日本"),
]


def texts(seed: int, count: int) -> list[str]:
    """Hostile texts, the same for the same seed; some are empty."""
    numbers = random.Random(seed)

    def piece() -> str:
        kind = numbers.randrange(4)
        if kind == 0:
            return numbers.choice(TRICKS)
        if kind == 1:
            return chr(numbers.choice((numbers.randrange(0x100), numbers.randrange(0x110000))))
        return numbers.choice(MARKUP)

    return ["".join(piece() for _ in range(numbers.randrange(9))) for _ in range(count)]
