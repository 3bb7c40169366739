"""The one way for data into anything a person or a CI log reads: nothing in it can act, hide or move the cursor."""

from __future__ import annotations

import unicodedata

from dslint.regex import regex

# Control, format (bidi, zero-width), surrogate, private and unassigned characters, line and paragraph separators.
HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
# What else has no glyph: the rest of Default_Ignorable_Code_Point (Unicode 16, DerivedCoreProperties.txt), among
# them fillers and the variation selectors in which text can be hidden behind an emoji.
IGNORABLE = regex("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]")
# Marks that stand on the character before them, and the vowels and finals of a Hangul syllable written as letters.
ATTACHED = frozenset(("Mn", "Me"))
JAMO = regex("[\u1160-\u11ff\ud7b0-\ud7ff]")
# What a CI runner takes for a command: `::x::` at a line's start, `##[x]` and `##vso[x]` anywhere.
COMMANDS = regex(r"::|##(?=\[|vso\[|teamcity\[)")


def escape(char: str) -> str:
    """A character as a JSON escape; an undecodable byte as `\\xNN`."""
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def pieces(text: str) -> list[str]:
    """What to show for each character of the text."""
    shown = [escape(char) if _hidden(char) else char for char in text]
    for command in COMMANDS.finditer(text):
        place = command.start() + 1
        shown[place] = escape(text[place])
    return shown


def _hidden(char: str) -> bool:
    return unicodedata.category(char) in HIDDEN or IGNORABLE.match(char) is not None


def visible(text: str, limit: int = 200) -> str:
    """The text with everything invisible spelled out, CI commands broken, cut at `limit` characters."""
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    return "".join(pieces(text))


def width_of(text: str) -> int:
    """Columns of a terminal that the text takes: 2 for wide characters, 0 for those that join the one before."""
    if text.isascii():
        return len(text)
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if unicodedata.category(char) in ATTACHED or JAMO.match(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
