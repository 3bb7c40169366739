from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, Record, rule
from dslint.dataset import Tally
from dslint.shapes import Shape

COMPARED_CHARS = 2_000
MANY = 50  # different prompts: then they are written per record, and differ by design
SHOWN = 45


def has_system(shape: Shape) -> bool:
    """Whether the conversation begins with a system prompt."""
    return shape.roles[:1] in (("system",), ("developer",)) and len(shape.turns) > 1


def system_prompt(record: Record) -> Iterator[str]:
    """The beginning of the system prompt."""
    if record.messages:
        yield record.messages[0].text[:COMPARED_CHARS]


@rule("SET104", help="write the same system prompt in every record", count_by=system_prompt, gate=has_system)
def system_prompt_drift(
    tally: Tally,
    *,
    min_ratio: Annotated[float, "times the usual prompt must be more frequent than the other"] = 3.0,
) -> Iterator[Finding]:
    """System prompts that only a typo, case, white space or a word without meaning tells from the usual one."""
    counts = {prompt: count for prompt, (count, _) in tally.counts.items() if prompt.strip()}
    if not 1 < len(counts) <= MANY:
        return
    from dslint.similarity import guard, rarity

    ordered = sorted(counts, key=lambda prompt: (-counts[prompt], tally.counts[prompt][1]))
    words = rarity(ordered)
    for place, prompt in enumerate(ordered):
        frequent = (other for other in ordered[:place] if counts[other] >= min_ratio * counts[prompt])
        usual = next((other for other in frequent if not guard(other, prompt, words)), None)
        if usual is not None:
            many = f"{counts[prompt]:,} and {counts[usual]:,} records"
            message = f"system prompts of {many} are nearly equal: {_difference(prompt, usual)!r}"
            yield tally.finding(message, key=prompt)


def _difference(prompt: str, usual: str) -> str:
    """The part of the prompt where it begins to differ from the usual one."""
    pairs = enumerate(zip(prompt, usual, strict=False))
    start = next((place for place, (one, other) in pairs if one != other), min(len(prompt), len(usual)))
    begin = max(0, min(start, len(prompt)) - SHOWN // 3)
    return ("…" if begin else "") + prompt[begin : begin + SHOWN - 2]
