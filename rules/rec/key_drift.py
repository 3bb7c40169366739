from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.columns import SEPARATOR, key_set, mixture
from dslint.dataset import Tally

# Keys that may be there or not by design.
OPTIONAL = frozenset(
    (
        *("system", "system_prompt", "systemInstruction", "system_instruction", "history", "input", "metadata"),
        *("tools", "functions", "available_tools", "toolConfig", "parallel_tool_calls", "chat_template_kwargs"),
        *("images", "image", "videos", "video", "audios", "audio", "objects", "schemaVersion"),
    )
)
SHOWN = 10


@rule("REC106", help="give every record the same keys, with null where there is no value", count_by=key_set)
def key_drift(
    tally: Tally,
    *,
    max_share: Annotated[float, "share of records that may differ from the others to be called a drift"] = 0.1,
    min_records: Annotated[int, "smaller files are not judged"] = 10,
) -> Iterator[Finding]:
    """A key that few records lack, or that few records have."""
    total = sum(count for count, _ in tally.counts.values())
    if total < min_records or len(tally.counts) < 2 or len(mixture(tally.file)) > 1:
        return
    sets = {word: frozenset(word.split(SEPARATOR)) for word in tally.counts}
    shown = 0
    for key in sorted(frozenset().union(*sets.values()) - OPTIONAL):
        having = [word for word in sets if key in sets[word]]
        lacking = [word for word in sets if key not in sets[word]]
        few = min((having, lacking), key=lambda words: _records(tally, words))
        count = _records(tally, few)
        if 0 < count <= max_share * total and shown < SHOWN:
            shown += 1
            verb = ("lacks" if few is lacking else "has") if count == 1 else "lack" if few is lacking else "have"
            first = min(few, key=lambda word: tally.counts[word][1])
            place = f"/{key}" if few is having and "/" not in key and "~" not in key else ""
            plural = "record" if count == 1 else "records"
            message = f"{count:,} {plural} of {total:,} {verb} the key {key[:30]!r}"
            yield tally.finding(message, key=first, pointer=place)


def _records(tally: Tally, words: list[str]) -> int:
    return sum(tally.counts[word][0] for word in words)
