from collections.abc import Iterator

from dslint import Finding, Message, rule
from dslint.passages import answers
from dslint.prose import blocks


@rule("TXT117", preview=True, help="write the rest of the code, or close the fence", gate="```")
def unclosed_code_fence(message: Message) -> Iterator[Finding]:
    """An answer that ends inside a block of code."""
    for passage in answers(message):
        if len(message.parts) > 1 or passage.text.count("```") % 2 == 0:  # fences inside of a line are left alone
            continue
        for start, end, closed in blocks(passage.text):
            if not closed:
                yield passage.finding("block of code is never closed", start, min(end, start + 3))
