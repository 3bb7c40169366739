from collections.abc import Iterator
from typing import Any

from dslint import Finding, Record, rule
from dslint.findings import escaped
from dslint.schema import Schema, SchemaError
from dslint.tooldefs import Tool, Tools, tools
from dslint.tooluse import judged

TYPES = ("string", "number", "integer", "object", "array", "boolean", "null")
NAMED = ("properties", "patternProperties", "$defs", "definitions")  # keywords that hold schemas by name
NESTED = ("items", "additionalProperties", "not", "anyOf", "oneOf", "allOf", "prefixItems")


def schemas_in(schema: Any, pointer: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """A schema and all inside of it, each with its pointer."""
    if isinstance(schema, list):
        for place, inner in enumerate(schema):
            yield from schemas_in(inner, f"{pointer}/{place}")
    if not isinstance(schema, dict):
        return
    yield pointer, schema
    for key in NESTED:
        yield from schemas_in(schema.get(key), f"{pointer}/{key}")
    for key in NAMED:
        named = schema.get(key)
        for name, inner in named.items() if isinstance(named, dict) else ():
            yield from schemas_in(inner, f"{pointer}/{key}/{escaped(name)}")


def known_faults(schema: Any) -> Iterator[tuple[str, str]]:
    """What people write most often where JSON Schema has something else."""
    for pointer, inner in schemas_in(schema):
        kind = inner.get("type")
        if isinstance(kind, str) and kind not in TYPES:
            yield f"{pointer}/type", f"{kind[:30]!r} is no type of JSON Schema"
        if isinstance(inner.get("required"), bool):
            yield f"{pointer}/required", "required is true or false, not a list of keys"


def faults_of(schema: dict[str, Any], error: Schema | SchemaError) -> tuple[tuple[str, str], ...]:
    """(pointer, what is wrong) of a schema, empty when it is one; `error` says so of one that is none."""
    if isinstance(error, SchemaError):
        # A pattern that no linear-time engine takes is not judged.
        other = () if str(error).endswith('is not a "regex"') else (("", f"parameters are {error}"[:90]),)
        return tuple(known_faults(schema)) or other
    kind = schema.get("type", "object")
    return () if kind == "object" else (("/type", f"parameters have type {str(kind)[:30]!r}, not 'object'"),)


def faulty(tools: Tools) -> list[tuple[Tool, str, str]]:
    """Each tool whose parameters are wrong, with the place and what is wrong there."""
    both = zip(tools, judged(tools), strict=True)
    with_schema = [(tool, faults_of(tool.parameters, found)) for tool, found in both if found is not None]
    return [(tool, pointer, said) for tool, faults in with_schema for pointer, said in faults]


@rule("TOL113", severity="error", help="write parameters as a JSON Schema of type object", gate=faulty)
def invalid_tool_schema(record: Record) -> Iterator[Finding]:
    """Parameters of a tool that are no valid JSON Schema, or not one of an object."""
    for tool, pointer, said in faulty(tools(record)):
        yield tool.finding(record, said, f"parameters{pointer}")
