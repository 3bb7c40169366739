"""JSON Schema over data: the fast judge, the reference it must agree with, and no way to the network.

jsonschema-rs decides and explains; where it has no wheel, `jsonschema` takes its place (170 times slower).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from dslint.findings import escaped

MAX_REASON = 80


class SchemaError(Exception):
    """A schema that cannot be used; the message is one line."""


def _pointer(path: Any) -> str:
    return "".join("/" + escaped(str(token)) for token in path)


def _cut(text: str) -> str:
    return text if len(text) <= MAX_REASON else text[: MAX_REASON - 1] + "…"


def reference(schema: Any) -> Callable[[Any], Iterator[tuple[str, str]]]:
    """The faults that `jsonschema` finds, with an empty registry: no reference leaves the document.

    Such a reference is met, and SchemaError raised, only when a value is judged by it.
    """
    import jsonschema
    import referencing.exceptions

    try:
        jsonschema.Draft202012Validator.check_schema(schema)
    except jsonschema.SchemaError as error:
        raise SchemaError(f"not a JSON Schema: {_cut(error.message)}") from None
    validator = jsonschema.Draft202012Validator(schema, registry=referencing.Registry())

    def faults(value: Any) -> Iterator[tuple[str, str]]:
        try:
            for error in validator.iter_errors(value):
                yield _pointer(error.absolute_path), _cut(error.message)
        except referencing.exceptions.Unresolvable as error:
            raise SchemaError(f"the schema refers to {error.ref}, which is not in it") from None

    return faults


def fast(schema: Any) -> Callable[[Any], Iterator[tuple[str, str]]]:
    """The faults that jsonschema-rs finds."""
    return partial(_explained, _validator(schema))


def _explained(validator: Any, value: Any) -> Iterator[tuple[str, str]]:
    for error in validator.iter_errors(value):
        yield _pointer(error.instance_path), _cut(error.message)


def _validator(schema: Any) -> Any:
    """jsonschema-rs with a linear-time pattern engine and no retriever: a reference outside is an error here."""
    import jsonschema_rs

    try:
        return jsonschema_rs.Draft202012Validator(
            schema, pattern_options=jsonschema_rs.RegexOptions(), retriever=_refuse
        )
    except (ValueError, jsonschema_rs.ReferencingError) as error:
        raise SchemaError(f"not a JSON Schema: {_cut(str(error).splitlines()[0])}") from None


def _refuse(uri: str) -> Any:
    raise ValueError(f"the schema refers to {uri}, outside of itself")


class Schema:
    """A compiled JSON Schema (draft 2020-12)."""

    def __init__(self, schema: Any) -> None:
        # allows: whether nothing in a value breaks the schema; raises SchemaError as `faults` does
        self.allows: Callable[[Any], bool]
        self._faults: Callable[[Any], Iterator[tuple[str, str]]]
        try:
            validator = _validator(schema)
            self.allows, self._faults = validator.is_valid, partial(_explained, validator)
        except ImportError:
            self._faults = reference(schema)
            self.allows = lambda value: next(self._faults(value), None) is None

    def faults(self, value: Any) -> list[tuple[str, str]]:
        """(JSON pointer, reason) of everything in `value` that breaks the schema, by place."""
        return [] if self.allows(value) else sorted(self._faults(value))
