from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache

from dslint import Finding, Record, rule
from dslint.schema import Schema, SchemaError
from dslint.toolcalls import calls, has_calls
from dslint.tooldefs import REMEMBERED, Tools, tools


@lru_cache(REMEMBERED)
def _schemas(defined: Tools) -> dict[str, Schema]:
    """The schemas of tools by name, those left out that are none: they are another rule's finding."""
    schemas = {}
    for tool in defined:
        with suppress(SchemaError):
            if isinstance(tool.parameters, dict):
                schemas[tool.name] = Schema(tool.parameters)
    return schemas


@rule("TOL105", help="write arguments that the tool's own schema allows", gate=has_calls)
def arguments_off_schema(record: Record) -> Iterator[Finding]:
    """Arguments of a tool call that the tool's own JSON Schema does not allow."""
    schemas = _schemas(tools(record))
    for call in calls(record):
        schema = schemas.get(call.name)
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
