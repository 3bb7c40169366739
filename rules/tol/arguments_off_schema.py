from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.schema import SchemaError
from dslint.toolcalls import calls, has_calls
from dslint.tooldefs import tools
from dslint.tooluse import schemas, used_soundly


@rule("TOL105", help="write arguments that the tool's own schema allows", gate=has_calls, unless=used_soundly)
def arguments_off_schema(record: Record) -> Iterator[Finding]:
    """Arguments of a tool call that the tool's own JSON Schema does not allow."""
    judges = schemas(tools(record))
    for call in calls(record):
        schema = judges.get(call.name)
        given = None if schema is None else call.arguments
        if schema is None or given is None:
            continue
        try:
            faults = schema.faults(given)
        except SchemaError:  # which is another rule's finding
            continue
        if faults:
            (pointer, reason), *others = faults
            where = f"{pointer[1:]}: " if pointer else ""
            inside = pointer if isinstance(call.function["arguments"], dict) else ""
            more = f" and {len(others)} more" if others else ""
            yield call.finding(f"{where}{reason}"[: 90 - len(more)] + more, f"function/arguments{inside}")
