from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, Record, rule
from dslint.tokens import may_be_long, record_tokens


@rule("TOK102", severity="error", help="shorten the conversation, or split it", gate=may_be_long)
def answer_cut_off(
    record: Record,
    *,
    limit: Annotated[int | None, "tokens an example may have, none for no limit"] = None,
    encoding: Annotated[str, "o200k_base or cl100k_base"] = "o200k_base",
    per_message: Annotated[int, "tokens that frame a message"] = 3,
    reply: Annotated[int, "tokens that begin the reply"] = 3,
) -> Iterator[Finding]:
    """The answer lies beyond the token limit of the target, so that its end is never learned."""
    answer = record.completion
    if limit is None or answer is None:
        return
    counts, extra = record_tokens(record, encoding, per_message=per_message, reply=reply)
    place = record.messages.index(answer)
    lost = min(counts[place], extra + sum(counts[: place + 1]) - limit)
    if lost > 0:
        total = extra + sum(counts)
        message = f"answer loses {lost:,} of {counts[place]:,} tokens: example has {total:,}, limit {limit:,}"
        yield answer.finding(message)
