from collections.abc import Iterator
from itertools import pairwise

from dslint import Finding, Record, rule
from dslint.shapes import Shape


def two_answers(shape: Shape) -> bool:
    """Only a pair in which the assistant speaks twice in a row, or never answers, can have it."""
    pairs = pairwise(shape.roles)
    twice = any(before == after == "assistant" for before, after in pairs)
    return shape.layout == "preference" and "input" in shape.keys and (twice or shape.roles[-1:] == ("assistant",))


@rule("PRF105", severity="error", help="cut the prompt after the user's last turn", gate=two_answers)
def input_ends_with_assistant(record: Record) -> Iterator[Finding]:
    """A prompt that ends with the assistant, in OpenAI's layout of preference pairs."""
    given = record.data.get("input")
    messages = given.get("messages") if isinstance(given, dict) else None
    last = messages[-1] if isinstance(messages, list) and messages else None
    if isinstance(messages, list) and isinstance(last, dict) and last.get("role") == "assistant":
        place = f"/input/messages/{len(messages) - 1}/role"
        yield record.finding("last turn of the prompt is assistant, not user", pointer=place)
