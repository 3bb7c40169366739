from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.toolcalls import calls_in_parts, uses_tools

AS_TEXT = ("sharegpt", "alpaca")  # LLaMA-Factory's layouts, which want the list as JSON text


@rule("TOL119", help="write tools as a list", gate=uses_tools)
def tools_as_text(record: Record) -> Iterator[Finding]:
    """`tools` that is no list: JSON text, or an object."""
    given = record.data.get("tools")
    if (
        given is not None
        and not isinstance(given, list)
        and record.layout.name not in AS_TEXT
        and not calls_in_parts(record)
    ):
        kind = "text" if isinstance(given, str) else "not a list"
        yield record.finding(f"tools is {kind}", pointer="/tools")
