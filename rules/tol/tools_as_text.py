from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.toolcalls import calls_in_parts
from dslint.tooldefs import OPENAI, has_tools


@rule("TOL119", help="write tools as a list", gate=has_tools)
def tools_as_text(record: Record) -> Iterator[Finding]:
    """`tools` that is no list: JSON text, or an object."""
    inside = record.data.get("input")
    places = [("/tools", record.data), ("/input/tools", inside if isinstance(inside, dict) else {})]
    for pointer, holder in places if record.layout.name in OPENAI else ():
        given = holder.get("tools")
        if given is not None and not isinstance(given, list) and not calls_in_parts(record):
            said = "tools are text, not a list" if isinstance(given, str) else "tools are not a list"
            yield record.finding(said, pointer=pointer)
