from collections.abc import Iterator
from typing import Any

from dslint import Finding, Message, rule
from dslint.passages import Passage, edited, passages
from dslint.regex import regex

GATE = r"([\x{80}-\x{88}])|([\x{89}-\x{90}])|([\x{91}-\x{98}])|([\x{99}-\x{9F}])"
# Not behind what may be a lead byte of UTF-8: that is mojibake. U+0085 is also a line end of its own right.
CONTROL = regex(r"(?<![\x80-\xbf\xc2-\xf4])[\x80-\x9f]+")


def _meant(control: str) -> str:
    """The character that Windows-1252 has in this place; the character itself where it has none."""
    return control.encode("latin-1").decode("cp1252", "replace").replace("\ufffd", control)


def in_windows_1252(passage: Passage) -> str:
    """The text with these characters as Windows-1252 has them."""
    return CONTROL.sub(lambda run: "".join(map(_meant, run[0])), passage.text)


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    return edited(data, in_windows_1252)


@rule("TXT122", help="decode the source as Windows-1252", gate=GATE, fix=_plain)
def misread_punctuation(message: Message) -> Iterator[Finding]:
    """A control character between U+0080 and U+009F: a dash or quote of Windows-1252 read as Latin-1."""
    for passage in passages(message):
        found = CONTROL.search(passage.text)
        if found:
            control, start = found[0][0], found.start()
            meant, code = _meant(control), f"U+{ord(control):04X}"
            kind = "a control character" if meant == control else f"{meant!r} read as Latin-1"
            yield passage.finding(f"{code} is {kind}", start, start + 1)
