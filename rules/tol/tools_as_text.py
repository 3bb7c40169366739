from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.toolcalls import OPENAI, calls_in_parts, uses_tools


@rule("TOL119", help="write tools as a list", gate=uses_tools)
def tools_as_text(record: Record) -> Iterator[Finding]:
    """`tools` that is no list: JSON text, or an object."""
    if record.layout.name not in OPENAI or calls_in_parts(record):
        return
    inside = record.data.get("input")
    places = [("/tools", record.data), ("/input/tools", inside if isinstance(inside, dict) else {})]
    for pointer, holder in places:
        given = holder.get("tools")
        if given is not None and not isinstance(given, list):
            kind = "text" if isinstance(given, str) else "not a list"
            yield record.finding(f"tools is {kind}", pointer=pointer)
