from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.schema import SchemaError, compiled
from dslint.toolcalls import calls, has_calls, tools

SHOWN = 3  # faults of one call


@rule("TOL105", help="write arguments that the tool's own schema allows", gate=has_calls)
def arguments_off_schema(record: Record) -> Iterator[Finding]:
    """Arguments of a tool call that the tool's own JSON Schema does not allow."""
    schemas = {tool.name: tool.parameters for tool in tools(record)}
    for call in calls(record):
        schema, given = schemas.get(call.name), call.arguments
        if not isinstance(schema, dict) or given is None:
            continue
        try:
            faults = compiled(schema).faults(given)
        except SchemaError:  # which is another rule's finding
            continue
        for pointer, reason in faults[:SHOWN]:
            where = f"{pointer[1:]}: " if pointer else ""
            inside = pointer if isinstance(call.function["arguments"], dict) else ""
            yield call.finding(f"{where}{reason}"[:90], f"function/arguments{inside}")
