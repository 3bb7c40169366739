from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.budget import ENCODING, PER_MESSAGE, REPLY, EncodingName, Limit, PerMessage, Reply
from dslint.tokens import may_be_long, record_tokens


@rule("TOK101", help="shorten the conversation, or split it", gate=may_be_long)
def over_token_budget(
    record: Record,
    *,
    limit: Limit = None,
    encoding: EncodingName = ENCODING,
    per_message: PerMessage = PER_MESSAGE,
    reply: Reply = REPLY,
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
