from collections.abc import Iterator

from dslint import Finding, Message, rule
from dslint.passages import passages
from dslint.prose import in_code
from dslint.regex import regex

GATE = r"&(amp|nbsp|quot|lt|gt|apos|hellip|mdash|ndash|[lr][sd]quo|#[0-9]{2,5}|#x[0-9A-Fa-f]{2,5});"
ENTITY = regex(GATE)
MARKUP = regex(r"</?[a-zA-Z][^<>\n]{0,200}>")


@rule("TXT111", help="decode it", gate=GATE, preview=True)
def html_entity(message: Message) -> Iterator[Finding]:
    """A character as HTML writes it, in text that is no HTML: `&amp;`, `&nbsp;`."""
    for passage in passages(message):
        if MARKUP.search(passage.text):
            continue
        code = in_code(passage.text)
        found = next((entity for entity in ENTITY.finditer(passage.text) if not code(entity.start())), None)
        if found is not None:
            yield passage.finding(f"HTML entity {found[0]!r} outside of code", *found.span())
