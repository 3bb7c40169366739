from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.shapes import Shape

ITEMS = ("chat", "reinforcement", "bedrock", "gemini", "gemini-reinforcement")
OWN = frozenset(("messages", "tools", "contents", "system", "systemInstruction", "parallel_tool_calls"))


@rule("PRF110", severity="error", help="add the field that the grader reads")
def nothing_to_grade(
    shape: Shape,
    *,
    fields: Annotated[
        tuple[str, ...], "fields of which each item needs one; * is any beside the conversation"
    ] = (),
) -> Iterator[Finding]:
    """An item for reinforcement fine-tuning without a field for its grader."""
    if not fields or shape.layout not in ITEMS:
        return
    extra = [key for key in shape.keys if key not in OWN]
    if not any(key in fields for key in shape.keys) and not ("*" in fields and extra):
        named = [field[:30] for field in fields if field != "*"]
        what = named[0] if len(named) == 1 else "field for the grader"
        yield shape.finding(f"item has no {what}")
