from collections.abc import Iterator
from itertools import groupby
from typing import Annotated

from dslint import Finding, rule
from dslint.shapes import Shape


@rule("MSG127", severity="error", help="add the missing turn, or cut the last one")
def odd_turn_count(
    shape: Shape, *, allowed: Annotated[bool, "whether a conversation may have an odd number of turns"] = True
) -> Iterator[Finding]:
    """A conversation with an odd number of turns after the system prompt."""
    if allowed or not shape.sound or shape.trains != "sft" or shape.roles[-1] != "assistant":
        return
    roles = [role for role in shape.roles if role not in ("system", "developer")]
    steps = [role for role, run in groupby(roles) for _ in (run if role != "tool" else range(1))]
    if len(steps) % 2:
        yield shape.finding(f"conversation has {len(steps)} turns after the system prompt, an odd number")
