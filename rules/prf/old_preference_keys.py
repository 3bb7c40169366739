from collections.abc import Iterator
from typing import Any

from dslint import Finding, rule
from dslint.shapes import Shape

FORMER = {"preferred_completion": "preferred_output", "non_preferred_completion": "non_preferred_output"}


def renamed(data: dict[str, Any]) -> dict[str, Any]:
    """The pair under the keys that are read today; a key that is there already stays."""
    return {FORMER[key] if FORMER.get(key, key) not in data else key: value for key, value in data.items()}


@rule("PRF101", severity="error", help="rename the key", fix=renamed, safe=True)
def old_preference_keys(shape: Shape) -> Iterator[Finding]:
    """A preference pair under OpenAI's former keys."""
    if shape.layout == "preference" and "input" in shape.keys:
        for key in shape.keys:
            if key in FORMER:
                yield shape.finding(f"former key {key!r}, now {FORMER[key]!r}", at=key)
