from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.shapes import Shape


@rule("MSG127", severity="error", help="let questions and answers come in pairs")
def odd_turn_count(
    shape: Shape, *, allowed: Annotated[bool, "whether the target takes an odd number of turns"] = True
) -> Iterator[Finding]:
    """An odd number of turns after the system prompt, under a trainer that pairs them."""
    count = sum(turn.role not in ("system", "developer") for turn in shape.turns)
    if not allowed and shape.sound and shape.trains == "sft" and count % 2 and shape.roles[-1] == "assistant":
        yield shape.finding(f"conversation has {count} turns, an odd number, after the system prompt")
