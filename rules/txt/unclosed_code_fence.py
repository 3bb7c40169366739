from collections.abc import Iterator

from dslint import Finding, Message, rule
from dslint.passages import answers
from dslint.prose import blocks


@rule("TXT117", help="write the rest of the code, or close the fence", gate="```|~~~")
def unclosed_code_fence(message: Message) -> Iterator[Finding]:
    """An answer that ends inside a block of code."""
    for passage in answers(message):
        if len(passage.message.parts) > 1:
            continue
        for start, end, closed in blocks(passage.text):
            if not closed:
                yield passage.finding("block of code is never closed", start, min(end, start + 3))
