from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, Record, rule
from dslint.shapes import Shape
from dslint.targets import schema_of

SHOWN = 3  # faults of one record


def has_schema(shape: Shape, *, schema: str = "") -> bool:
    """Whether the target has a schema."""
    return bool(schema)


@rule("REC114", severity="error", help="write the record as the target's schema has it", gate=has_schema)
def off_target_schema(
    record: Record, *, schema: Annotated[str, "a JSON Schema among the built-in targets, empty for none"] = ""
) -> Iterator[Finding]:
    """A record that the target's JSON Schema does not allow."""
    if schema:
        for pointer, reason in schema_of(schema).faults(record.data)[:SHOWN]:
            yield record.finding(reason, pointer=pointer)
