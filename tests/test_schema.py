"""JSON Schema: the fast judge and the reference agree, and neither leaves the document."""

import socket
import urllib.request

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dslint.schema import Schema, SchemaError, fast, reference

KEYS = ["messages", "role", "content", "weight", "x/y~z"]
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "a", "user", "aa", "é", "😀😀", "1", 1.0, 0.5])
    | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=8,
)
types = st.sampled_from(["null", "boolean", "integer", "number", "string", "array", "object"])
small = st.integers(0, 3)
keywords = st.fixed_dictionaries(
    {},
    optional={
        "type": types | st.lists(types, min_size=1, max_size=3, unique=True),
        "const": values,
        "enum": st.lists(values, min_size=1, max_size=3),
        "minLength": small,
        "maxLength": small,
        "pattern": st.sampled_from(["^a+$", "[a-z]", "é", "^$"]),
        "minimum": st.integers(-2, 2),
        "exclusiveMaximum": st.integers(-2, 2),
        "multipleOf": st.integers(1, 3),
        "minItems": small,
        "maxItems": small,
        "uniqueItems": st.booleans(),
        "required": st.lists(st.sampled_from(KEYS), max_size=2, unique=True),
        "minProperties": small,
        "maxProperties": small,
    },
)


def nested(inner):
    optional = {
        "items": inner,
        "contains": inner,
        "not": inner,
        "additionalProperties": inner | st.booleans(),
        "propertyNames": inner,
        "properties": st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
        "prefixItems": st.lists(inner, min_size=1, max_size=2),
        "anyOf": st.lists(inner, min_size=1, max_size=2),
        "oneOf": st.lists(inner, min_size=1, max_size=2),
        "allOf": st.lists(inner, min_size=1, max_size=2),
        "if": inner,
        "then": inner,
        "else": inner,
    }
    return st.builds(dict.__or__, keywords, st.fixed_dictionaries({}, optional=optional))


schemas = st.recursive(keywords, nested, max_leaves=5)


@given(schemas, st.lists(values, min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_both_judges_agree(schema, data):
    quick, slow = fast(schema), reference(schema)
    for value in data:
        assert any(quick(value)) == any(slow(value))


@given(st.lists(st.sampled_from(["string", "integer"]), min_size=1, max_size=3), values)
@settings(max_examples=100, deadline=None)
def test_faults_come_by_place_and_lead_into_the_value(kinds, value):
    properties = {key: {"type": kind} for key, kind in zip(KEYS[::-1], kinds, strict=False)}
    faults = Schema({"type": "object", "properties": properties}).faults(value)
    assert faults == sorted(faults)
    for pointer, reason in faults:
        assert len(reason) <= 80
        if pointer:
            assert pointer[1:].replace("~1", "/").replace("~0", "~") in properties


def test_the_pointer_is_escaped():
    schema = Schema({"properties": {"x/y~z": {"items": {"type": "integer"}}}})
    assert [pointer for pointer, _ in schema.faults({"x/y~z": [1, "2"]})] == ["/x~1y~0z/1"]


@pytest.mark.parametrize("judge", [fast, reference])
@pytest.mark.parametrize("schema", [{"type": "strin"}, {"required": "a"}, 3, {"minLength": -1}])
def test_what_is_no_schema_is_one_line(judge, schema):
    with pytest.raises(SchemaError) as raised:
        judge(schema)
    assert str(raised.value).startswith("not a JSON Schema: ")
    assert "\n" not in str(raised.value)


REFERENCES = [
    "http://127.0.0.1:9/a.json",
    "https://schema.invalid/a",
    "file:///etc/hostname",
    "other.json",
    "#/$defs/no",
]


@pytest.mark.parametrize("judge", [fast, reference])
@pytest.mark.parametrize("address", REFERENCES)
def test_no_reference_leaves_the_document(judge, address, monkeypatch):
    asked = []
    monkeypatch.setattr(socket.socket, "connect", lambda *arguments: asked.append(arguments))
    monkeypatch.setattr(urllib.request, "urlopen", lambda *arguments, **_: asked.append(arguments))
    with pytest.raises(SchemaError):
        list(judge({"properties": {"a": {"$ref": address}}})({"a": 1}))
    assert not asked


def test_references_inside_the_document_are_followed():
    schema = {"$defs": {"node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/node"}}}}}
    judge = Schema(schema | {"$ref": "#/$defs/node"})
    assert judge.faults({"next": {"next": {}}}) == []
    assert [pointer for pointer, _ in judge.faults({"next": {"next": 1}})] == ["/next/next"]
