from collections.abc import Iterator

from dslint import Finding, Message, rule
from dslint.passages import passages
from dslint.regex import regex

GATE = "[\u202a-\u202e\u2066-\u2069]"
CONTROL = regex(GATE)
OVERRIDE = regex("[\u202d\u202e]")
# Hebrew, Arabic, Syriac, Thaana, N'Ko and their presentation forms: there these characters do their work.
RIGHT_TO_LEFT = regex("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")


@rule("TXT104", help="remove it, unless the text is about it", gate=GATE)
def bidi_control(message: Message) -> Iterator[Finding]:
    """A character that changes the direction of writing, in text where nothing runs from right to left."""
    for passage in passages(message):
        wanted = OVERRIDE if RIGHT_TO_LEFT.search(passage.text) else CONTROL
        found = wanted.search(passage.text)
        if found:
            yield passage.finding(f"U+{ord(found[0]):04X} changes the direction of the text", *found.span())
