from collections.abc import Iterator

from dslint import Finding, rule
from dslint.layouts.reinforcement import GRADED
from dslint.shapes import Shape


@rule("PRF109", severity="error", help="end the item with the user: the model is to answer while it is trained")
def item_ends_with_answer(shape: Shape) -> Iterator[Finding]:
    """An item for reinforcement fine-tuning that does not end with the user."""
    graded = any(key in GRADED for key in shape.keys)
    if shape.trains == "reinforcement" and shape.sound and graded and shape.roles[-1] != "user":
        yield shape.finding(f"last turn of the item is {shape.roles[-1]}, not user", shape.turns[-1], key="role")
