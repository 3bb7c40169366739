from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.shapes import Shape


@rule("MSG126", severity="error", help="add the missing turns, or drop the record")
def too_few_messages(
    shape: Shape, *, min_messages: Annotated[int, "messages needed, the system prompt not counted"] = 0
) -> Iterator[Finding]:
    """A conversation with fewer messages than the target takes."""
    count = sum(turn.role not in ("system", "developer") for turn in shape.turns)
    if 0 < count < min_messages and shape.trains == "sft":
        plural = "" if count == 1 else "s"
        yield shape.finding(f"conversation has {count} message{plural}, at least {min_messages} are needed")
