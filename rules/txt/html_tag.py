from collections.abc import Iterator

from dslint import Finding, Message, rule
from dslint.passages import answers
from dslint.prose import in_code
from dslint.regex import regex

NAMES = "p|div|span|br|b|i|strong|em|ul|ol|li|h[1-6]|font|table|tr|td|a|img"
GATE = rf"(?i)</?({NAMES})[\s/>]"
TAG = regex(rf"(?i)</?(?:{NAMES})(?:\s[^<>\n]{{0,300}})?/?>")


@rule("TXT112", severity="info", help="write it as Markdown or plain text", gate=GATE, preview=True)
def html_tag(message: Message) -> Iterator[Finding]:
    """An HTML tag in an answer, outside of code."""
    for passage in answers(message):
        code = in_code(passage.text)
        found = [tag for tag in TAG.finditer(passage.text) if not code(tag.start())]
        if found:
            more = f" and {len(found) - 1:,} more" if len(found) > 1 else ""
            yield passage.finding(f"HTML tag {found[0][0][:30]!r} outside of code{more}", *found[0].span())
