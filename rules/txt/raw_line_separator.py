from collections.abc import Iterator

from dslint import Finding, Message, rule
from dslint.passages import passages
from dslint.regex import regex

GATE = "[\u2028\u2029\u0085]"
# U+0085 behind what may be a lead byte of UTF-8 is part of mojibake.
SEPARATOR = regex("[\u2028\u2029]|(?<![\u0080-\u00bf\u00c2-\u00f4])\u0085")


@rule("TXT107", severity="info", help="write it as an escape such as \\u2028, or as \\n", gate=GATE)
def raw_line_separator(message: Message) -> Iterator[Finding]:
    """A raw U+2028, U+2029 or U+0085, at which some readers end the line."""
    for passage in passages(message):
        found = SEPARATOR.search(passage.text)
        if found and found[0].encode() in message.record.raw:
            yield passage.finding(f"U+{ord(found[0]):04X} stands raw in the line", *found.span())
