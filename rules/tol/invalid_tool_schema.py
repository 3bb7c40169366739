import json
from collections.abc import Iterator
from functools import lru_cache

from dslint import Finding, Record, rule
from dslint.records import canonical
from dslint.schema import Schema, SchemaError
from dslint.toolcalls import tools, uses_tools


@lru_cache(maxsize=256)
def fault_of(schema: bytes) -> str:
    """Why it is no JSON Schema, "" when it is one."""
    try:
        Schema(json.loads(schema))
    except SchemaError as error:
        return str(error)
    return ""


@rule("TOL113", severity="error", help="write parameters as a JSON Schema of type object", gate=uses_tools)
def invalid_tool_schema(record: Record) -> Iterator[Finding]:
    """Parameters of a tool that are no valid JSON Schema, or not one of an object."""
    for tool in tools(record):
        schema = tool.parameters
        if not isinstance(schema, dict) or not schema:
            continue
        said = fault_of(canonical(schema))
        kind = schema.get("type", "object")
        if said:
            yield tool.finding(f"parameters are {said}"[:90], "parameters")
        elif kind != "object":
            yield tool.finding(f"parameters have type {str(kind)[:30]!r}, not 'object'", "parameters/type")
