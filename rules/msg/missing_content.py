from collections.abc import Iterator

from dslint import Finding, rule
from dslint.shapes import ROLES, Shape


@rule("MSG105", severity="error", help="add the content, or drop the record")
def missing_content(shape: Shape) -> Iterator[Finding]:
    """A message without content, tool call or candidates."""
    for turn in shape.turns:
        silent = turn.content in ("missing", "null") and not turn.calls and "candidates" not in turn.keys
        if turn.object and turn.role is not None and silent:
            who = f"{turn.role} message" if turn.role in ROLES else "message"
            state, key = ("no content", "") if turn.content == "missing" else ("content null", "content")
            yield shape.finding(f"{who} has {state}", turn, key=key)
