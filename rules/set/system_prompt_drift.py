from collections.abc import Iterator, Sequence
from typing import Annotated

from dslint import Finding, rule
from dslint.dataset import Tally
from dslint.shapes import Shape

COMPARED_CHARS = 2_000
MANY = 50  # different prompts: then they are written per record, and differ by design
ALIKE = 0.3  # share of runs of characters that a prompt has in common with one that a typo makes of it, at least
SHOWN = 45


def has_system(shape: Shape) -> bool:
    """Whether the conversation begins with a system prompt."""
    return shape.roles[:1] in (("system",), ("developer",)) and len(shape.turns) > 1


def system_prompt(texts: Sequence[str]) -> tuple[str, ...]:
    """The beginning of the system prompt."""
    return (texts[0][:COMPARED_CHARS],)


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
    ordered = sorted(counts, key=lambda prompt: (-counts[prompt], tally.counts[prompt][1]))
    parts = {prompt: _parts(prompt) for prompt in ordered}
    for place, prompt in enumerate(ordered):
        alike = (other for other in ordered[:place] if _overlap(parts[other], parts[prompt]) >= ALIKE)
        frequent = [other for other in alike if counts[other] >= min_ratio * counts[prompt]]
        usual = _same_prompt(prompt, frequent, ordered) if frequent else None
        if usual is not None:
            many = f"{counts[prompt]:,} and {counts[usual]:,} records"
            message = f"system prompts of {many} are nearly equal: {_difference(prompt, usual)!r}"
            yield tally.finding(message, key=prompt)


def _parts(prompt: str) -> frozenset[str]:
    """The runs of three characters in a prompt."""
    text = " ".join(prompt.casefold().split())
    return frozenset(text[start : start + 3] for start in range(max(1, len(text) - 2)))


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)


def _same_prompt(prompt: str, others: Sequence[str], prompts: Sequence[str]) -> str | None:
    """The first of the others that says the same, rare words being told by all the prompts."""
    from dslint.similarity import guard, rarity

    words = rarity(prompts)
    return next((other for other in others if not guard(other, prompt, words)), None)


def _difference(prompt: str, usual: str) -> str:
    """The part of the prompt where it begins to differ from the usual one."""
    pairs = enumerate(zip(prompt, usual, strict=False))
    start = next((place for place, (one, other) in pairs if one != other), min(len(prompt), len(usual)))
    begin = max(0, min(start, len(prompt)) - SHOWN // 3)
    return ("…" if begin else "") + prompt[begin : begin + SHOWN - 2]
