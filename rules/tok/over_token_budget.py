from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, Record, rule
from dslint.tokens import may_be_long, record_tokens


@rule("TOK101", help="shorten the conversation, or split it", gate=may_be_long)
def over_token_budget(
    record: Record,
    *,
    limit: Annotated[int | None, "tokens an example may have, none for no limit"] = None,
    encoding: Annotated[str, "o200k_base or cl100k_base"] = "o200k_base",
    per_message: Annotated[int, "tokens that frame a message"] = 3,
    reply: Annotated[int, "tokens that begin the reply"] = 3,
) -> Iterator[Finding]:
    """More tokens than the target takes, the answer itself being within the limit."""
    if limit is None:
        return
    counts, extra = record_tokens(record, encoding, per_message=per_message, reply=reply)
    total = extra + sum(counts)
    answer = record.completion
    trained = len(counts) if answer is None else record.messages.index(answer) + 1
    if total > limit and (answer is None or extra + sum(counts[:trained]) <= limit):
        yield record.finding(f"example has {total:,} tokens, limit {limit:,}")
