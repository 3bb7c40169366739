from collections.abc import Iterator

from dslint import Finding, Message, rule
from dslint.passages import passages
from dslint.regex import regex

# In groups, each of which a search engine takes for a few literals.
GATE = r"([\x00-\x08\x0B])|([\x0C\x0E-\x14])|([\x15-\x1B])|([\x1C-\x1F\x7F])"
CONTROL = regex(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@rule("TXT103", help="remove it, or write the character that was meant", gate=GATE)
def control_character_in_text(message: Message) -> Iterator[Finding]:
    """A control character of ASCII, written as an escape, that is neither tab nor line end."""
    for passage in passages(message):
        found = CONTROL.search(passage.text)
        if found:
            times = len(CONTROL.findall(passage.text))
            more = f" and {times - 1:,} more" if times > 1 else ""
            yield passage.finding(f"control character U+{ord(found[0]):04X} in the text{more}", *found.span())
