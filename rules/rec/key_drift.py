from collections import Counter
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
    sets = {word: frozenset(word.split(SEPARATOR)) - OPTIONAL for word in tally.counts}
    alike: Counter[frozenset[str]] = Counter()
    having: Counter[str] = Counter()
    for word, keys in sets.items():
        alike[keys] += tally.counts[word][0]
        having.update(dict.fromkeys(keys, tally.counts[word][0]))
    if 2 * max(alike.values()) < total:
        return  # without a set of keys that most records have there is nothing to drift from
    drifting = [key for key in sorted(having) if 0 < min(having[key], total - having[key]) <= max_share * total]
    for key in drifting[:SHOWN]:
        lacks = having[key] * 2 > total
        count = total - having[key] if lacks else having[key]
        verb = ("lacks" if lacks else "has") if count == 1 else "lack" if lacks else "have"
        first = min((word for word in sets if (key in sets[word]) != lacks), key=lambda word: tally.counts[word][1])
        place = "" if lacks or "/" in key or "~" in key else f"/{key}"
        plural = "record" if count == 1 else "records"
        message = f"{count:,} {plural} of {total:,} {verb} the key {key[:30]!r}"
        yield tally.finding(message, key=first, pointer=place)
