from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, Record, rule
from dslint.budget import ENCODING, EncodingName
from dslint.tokens import may_be_long, record_tokens


@rule("TOK105", help="shorten the turn, or split it", gate=may_be_long)
def turn_too_long(
    record: Record,
    *,
    limit: Annotated[int | None, "tokens a turn may have, none for no limit"] = None,
    encoding: EncodingName = ENCODING,
) -> Iterator[Finding]:
    """A turn with more tokens than a turn may have."""
    if limit is None:
        return
    counts, _ = record_tokens(record, encoding, per_message=0, reply=0)
    for message, count in zip(record.messages, counts, strict=True):
        if count > limit:
            yield message.finding(f"turn has {count:,} tokens, limit {limit:,}")
