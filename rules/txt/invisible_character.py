from collections.abc import Iterator
from typing import Any

from dslint import Finding, Message, rule
from dslint.passages import Passage, edited, passages
from dslint.regex import regex

GATE = "[\u200b\u2060\ufeff\u00ad\u200c\u200d]"
# Thai, Lao, Tibetan, Burmese, Khmer and their neighbours mark where words end with U+200B.
UNSPACED = "\u0e00-\u109f\u1780-\u17ff\u1950-\u1aaf\ua980-\uaadf"
# A soft hyphen behind a lead byte of UTF-8 is mojibake; joiners are letters except between ASCII ones.
INVISIBLE = regex(
    f"(?<![{UNSPACED}\u200b])\u200b+(?![{UNSPACED}\u200b])|[\u2060\ufeff]+|(?<![\u00c2-\u00f4])\u00ad+"
    "|(?<=[0-9A-Za-z])[\u200c\u200d]+(?=[0-9A-Za-z])"
)


def visible_only(passage: Passage) -> str:
    """The text without these characters."""
    before, text = "", passage.text
    while text != before:  # what stood around a removed character meets
        before, text = text, INVISIBLE.sub("", text)
    return text


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    return edited(data, visible_only)


@rule("TXT105", help="remove it", gate=GATE, fix=_plain)
def invisible_character(message: Message) -> Iterator[Finding]:
    """A zero-width space, word joiner, byte order mark or soft hyphen inside the text."""
    for passage in passages(message):
        found = list(INVISIBLE.finditer(passage.text))
        if found:
            more = f" and {len(found) - 1:,} more" if len(found) > 1 else ""
            yield passage.finding(f"invisible character U+{ord(found[0][0][0]):04X}{more}", *found[0].span())
