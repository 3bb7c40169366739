import json
from collections.abc import Iterator
from functools import lru_cache

from dslint import Finding, Record, rule
from dslint.schema import Schema, SchemaError
from dslint.toolcalls import calls, has_calls, tools

SHOWN = 3  # faults of one call


@lru_cache(maxsize=256)
def judge(schema: str) -> Schema | None:
    """The compiled schema, None when it is none: that is another rule's finding."""
    try:
        return Schema(json.loads(schema))
    except SchemaError:
        return None


@rule("TOL105", help="write arguments that the tool's own schema allows", gate=has_calls)
def arguments_off_schema(record: Record) -> Iterator[Finding]:
    """Arguments of a tool call that the tool's own JSON Schema does not allow."""
    schemas = {tool.name: tool.parameters for tool in tools(record)}
    for call in calls(record):
        schema, given = schemas.get(call.name), call.arguments
        judged = judge(json.dumps(schema)) if isinstance(schema, dict) and given is not None else None
        try:
            faults = judged.faults(given) if judged is not None else []
        except SchemaError:
            continue
        for pointer, reason in faults[:SHOWN]:
            where = f"{pointer[1:]}: " if pointer else ""
            inside = pointer if isinstance(call.function["arguments"], dict) else ""
            yield call.finding(f"{where}{reason}"[:90], f"function/arguments{inside}")
