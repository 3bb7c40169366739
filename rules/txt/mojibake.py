from collections.abc import Iterator
from typing import Any

from dslint import Finding, Message, rule
from dslint.passages import Passage, edited, passages
from dslint.regex import regex

# What UTF-8 becomes when it is read as Latin-1, Windows-1252 or their kin: a lead byte as a letter, then no ASCII.
GATE = "([ÂÃâðÄÅ])[^\u0000-\u007e]|([ÐÑØÙÎÏ×])[^\u0000-\u007e]|([ãäåæçèé])[\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
SUSPECT = regex(GATE)
FOREIGN = regex(r"[^\x00-\x7e]+")


def _meant(text: str) -> str:
    """The text decoded as UTF-8, where that makes it more plausible."""
    if not SUSPECT.search(text):
        return text
    from ftfy import fix_encoding
    from ftfy.badness import badness

    repaired = fix_encoding(text)
    return repaired if badness(repaired) < badness(text) else text


def decoded_again(passage: Passage) -> str:
    """The text as it was meant."""
    return _meant(passage.text)


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    return edited(data, decoded_again)


@rule("TXT101", help="decode the source as UTF-8", gate=GATE, fix=_plain)
def mojibake(message: Message) -> Iterator[Finding]:
    """Text that was written in one encoding and read in another: `Ã©` for é."""
    for passage in passages(message):
        text, meant = passage.text, _meant(passage.text)
        if meant != text:
            pairs = enumerate(zip(text, meant, strict=False))
            place = next((place for place, (one, other) in pairs if one != other), 0)
            found = next((run for run in FOREIGN.finditer(text) if run.end() > place), None)
            if found is not None:
                shown, start = found[0][:12], found.start()
                said = f"{shown!r} is {_meant(shown)!r} in the wrong encoding"
                yield passage.finding(said, start, start + len(shown))
