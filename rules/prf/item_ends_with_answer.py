from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.shapes import Shape

# Keys that only graders read; `answer` or `solution` stand beside finished conversations too.
GRADED = frozenset(("reference_answer", "references", "reward_model", "rubric"))


@rule("PRF109", severity="error", help="end the item with the user: the model is to answer while it is trained")
def item_ends_with_answer(
    shape: Shape,
    *,
    any_reference: Annotated[bool, "judge items whose reference is an `answer` or `solution` too"] = False,
) -> Iterator[Finding]:
    """An item for reinforcement fine-tuning that does not end with the user."""
    graded = any_reference or any(key in GRADED for key in shape.keys)
    if shape.trains == "reinforcement" and shape.sound and graded and shape.roles[-1] != "user":
        yield shape.finding(f"last turn of the item is {shape.roles[-1]}, not user", shape.turns[-1], key="role")
