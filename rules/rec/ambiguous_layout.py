from collections.abc import Iterator

from dslint import Finding, rule
from dslint.shapes import Shape

# Keys that each hold the whole example; two of them say it twice, or say two things.
HOLDERS = ("messages", "interactions", "conversations", "contents", "prompt", "instruction")
TOGETHER = (
    {"messages", "prompt"},  # reinforcement items keep the raw prompt beside its messages
    {"prompt", "instruction"},
)


@rule("REC104", help="keep the keys of one layout")
def ambiguous_layout(shape: Shape) -> Iterator[Finding]:
    """A record with the keys of two layouts at once."""
    found = [key for key in HOLDERS if key in shape.keys]
    if len(found) > 1 and shape.trains == "sft" and set(found) not in TOGETHER:
        yield shape.finding(f"record has {' and '.join(found)}, which are two layouts", at=found[-1])
