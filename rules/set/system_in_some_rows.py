from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.dataset import Tally
from dslint.shapes import Shape

WITH, WITHOUT = "with", "without"


def system_prompts(shape: Shape) -> Iterator[str]:
    """Whether a conversation that trains answers has a system prompt."""
    if shape.trains == "sft" and shape.sound:
        yield WITH if "system" in shape.roles or "developer" in shape.roles else WITHOUT


@rule("SET105", severity="info", help="give every record a system prompt, or none", count_by=system_prompts)
def system_in_some_rows(
    tally: Tally,
    *,
    max_share: Annotated[float, "share of records that may differ from the others to be called some rows"] = 0.1,
    min_records: Annotated[int, "smaller files are not judged"] = 20,
) -> Iterator[Finding]:
    """A system prompt in few records, or in all but few."""
    total = sum(count for count, _ in tally.counts.values())
    if total < min_records or len(tally.counts) < 2:
        return
    few = min((WITH, WITHOUT), key=lambda key: tally.counts[key][0])
    count = tally.counts[few][0]
    if count <= max_share * total:
        verb = ("has" if count == 1 else "have") if few == WITH else "lacks" if count == 1 else "lack"
        plural = "" if count == 1 else "s"
        yield tally.finding(f"{count:,} record{plural} of {total:,} {verb} a system prompt", key=few)
