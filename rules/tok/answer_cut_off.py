from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.budget import ENCODING, PER_MESSAGE, REPLY, EncodingName, Limit, PerMessage, Reply
from dslint.tokens import may_be_long, record_tokens


@rule("TOK102", severity="error", help="shorten the conversation, or split it", gate=may_be_long)
def answer_cut_off(
    record: Record,
    *,
    limit: Limit = None,
    encoding: EncodingName = ENCODING,
    per_message: PerMessage = PER_MESSAGE,
    reply: Reply = REPLY,
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
