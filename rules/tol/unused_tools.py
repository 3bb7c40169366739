from collections.abc import Iterable, Iterator

from dslint import Finding, rule
from dslint.dataset import Tally
from dslint.shapes import TOOL_KEYS, Shape

CALLS = ("tool_call", "tool_use")  # content parts that call a tool
TRAINED = ("chat", "mistral")  # layouts in which a call would stand as a call; items to sample from hold none


def use_of_tools(shape: Shape) -> Iterable[str]:
    """Whether tools are defined, and whether one is called."""
    if shape.layout in TRAINED and any(key in shape.keys for key in TOOL_KEYS):
        parts = {part for turn in shape.turns for part in turn.parts}
        yield "called" if any(turn.calls for turn in shape.turns) or not parts.isdisjoint(CALLS) else "defined"


@rule(
    "TOL117",
    severity="info",
    help="add conversations that call them, or leave the tools out",
    count_by=use_of_tools,
)
def unused_tools(tally: Tally) -> Iterator[Finding]:
    """A file whose records define tools and never call one."""
    if "defined" in tally.counts and "called" not in tally.counts:
        count = tally.counts["defined"][0]
        records = "record defines" if count == 1 else "records define"
        yield tally.finding(f"{count:,} {records} tools, none calls one", key="defined")
