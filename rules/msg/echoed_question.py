from collections.abc import Iterator
from itertools import pairwise

from dslint import Finding, Record, rule


@rule("MSG129", severity="info", preview=True, help="write the answer, or drop the record")
def echoed_question(record: Record) -> Iterator[Finding]:
    """An answer that repeats its question word for word."""
    for asked, answer in pairwise(record.messages):
        same = answer.trained and asked.role == "user" and answer.text.strip() == asked.text.strip()
        if same and len(answer.text.split()) > 1:
            yield answer.finding("answer repeats the question")
