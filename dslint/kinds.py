"""Rules written as data: a closed set of kinds, each one function from a TOML table to a check."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from dslint.decode import LINE_ENDS, WHOLE_FILE
from dslint.findings import Finding
from dslint.patterns import PatternError, check_pattern, spans
from dslint.precise import KINDS as LINE_FAULTS
from dslint.records import Message, Record
from dslint.ruledef import Check, Fix, Rule, RuleError, accepts, build, type_name
from dslint.schema import Schema, SchemaError
from dslint.secrets import Key, any_of, finding_at, keys_in
from dslint.secrets import key as secret_key

# Keys every table may have, and their types.
COMMON: dict[str, Any] = {
    "code": str,
    "name": str,
    "kind": str,
    "doc": str,
    "message": str,
    "help": str,
    "severity": str,
    "preview": bool,
}


def _strip_bom(raw: bytes) -> bytes:
    return raw.removeprefix(b"\xef\xbb\xbf")


def _strip_carriage_return(raw: bytes) -> bytes:
    return raw.removesuffix(b"\r")


def _drop(raw: bytes) -> None:
    return None


def _keep(raw: bytes) -> bytes:
    return raw


# The repairs of broken lines. `end-line` and `one-per-line` change no record: the one gives the last line its line
# feed, the other writes the records of a file, which were read as lines already, as lines.
REPAIRS: dict[str, Fix] = {
    "strip-bom": _strip_bom,
    "strip-carriage-return": _strip_carriage_return,
    "drop-line": _drop,
    "end-line": _keep,
    "one-per-line": _keep,
}


FAULTS = LINE_FAULTS | LINE_ENDS | WHOLE_FILE | {"damaged-archive"}


def fault(spec: Mapping[str, Any], folder: Path) -> tuple[Check, dict[str, Any]]:
    """A line, or a whole file, that cannot be read as one JSON object per line."""

    def check(fault: Any) -> Iterator[Finding]:
        yield fault.finding(spec["message"].format(detail=fault.detail))

    repair = spec.get("repair")
    if repair is not None and repair not in REPAIRS:
        raise RuleError(f"repair must be one of {', '.join(REPAIRS)}, not {repair!r}")
    if spec["fault"] not in FAULTS:
        raise RuleError(f"fault must be one of {', '.join(sorted(FAULTS))}, not {spec['fault']!r}")
    attributes = {"fault": spec["fault"]}
    return check, attributes | ({"fix": REPAIRS[repair], "safe": True} if repair else {})


def _wanted(spec: Mapping[str, Any], message: Message) -> bool:
    roles = spec.get("roles")
    return roles is None or message.role in roles


def pattern(spec: Mapping[str, Any], folder: Path) -> tuple[Check, dict[str, Any]]:
    """Text that must not occur, as a regular expression that runs in linear time."""
    expression = spec["pattern"]
    check_pattern(expression)

    def check(message: Message) -> Iterator[Finding]:
        if _wanted(spec, message):
            text = message.text
            for start, end in spans(expression, text):
                yield message.finding(spec["message"].format(text[start:end][:40]), span=(start, end))

    return check, {"gate": expression}


def phrases(spec: Mapping[str, Any], folder: Path) -> tuple[Check, dict[str, Any]]:
    """Phrases that must not occur, whatever their case."""
    choices = "|".join(
        _literal(phrase) for phrase in sorted(spec["phrases"], key=lambda phrase: (-len(phrase), phrase))
    )
    return pattern({**spec, "pattern": f"(?i)(?:{choices})"}, folder)


def _literal(phrase: str) -> str:
    return "".join(char if char.isalnum() or char == " " or not char.isascii() else f"\\{char}" for char in phrase)


def length(spec: Mapping[str, Any], folder: Path) -> tuple[Check, dict[str, Any]]:
    """A number of characters that a turn must keep to."""
    low, high = spec.get("min", 0), spec.get("max")
    if not {"min", "max"} & spec.keys():
        raise RuleError("min or max is missing")

    def check(message: Message) -> Iterator[Finding]:
        size = len(message.text)
        if _wanted(spec, message) and (size < low or (high is not None and size > high)):
            yield message.finding(spec["message"].format(size))

    return check, {}


def required(spec: Mapping[str, Any], folder: Path) -> tuple[Check, dict[str, Any]]:
    """Keys that every record must have."""

    def check(record: Record) -> Iterator[Finding]:
        for key in spec["keys"]:
            if key not in record.data:
                yield record.finding(spec["message"].format(key))

    return check, {}


def allowed(spec: Mapping[str, Any], folder: Path) -> tuple[Check, dict[str, Any]]:
    """The only answers a record may have, as in a classification set."""
    values = frozenset(spec["values"])

    def check(record: Record) -> Iterator[Finding]:
        if record.completion is not None and record.completion.text not in values:
            yield record.completion.finding(spec["message"].format(record.completion.text[:40]))

    return check, {}


def schema(spec: Mapping[str, Any], folder: Path) -> tuple[Check, dict[str, Any]]:
    """A JSON Schema (a file beside the rule) that each record, or each value at `at`, must satisfy."""
    path = folder / spec["schema"]
    try:
        judge = Schema(json.loads(path.read_text("utf-8")))
    except OSError as error:
        raise RuleError(f"schema {spec['schema']}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise RuleError(f"schema {spec['schema']}: {error}") from None

    def check(record: Record) -> Iterator[Finding]:
        for pointer, reason in judge.faults(record.data):
            yield record.finding(spec["message"].format(reason), pointer=pointer)

    return check, {}


KEY: dict[str, Any] = {"of": str, "marks": list[str], "before": str, "after": str, "entropy": float}


def secret(spec: Mapping[str, Any], folder: Path) -> tuple[Check, dict[str, Any]]:
    """Keys that must not occur: literal marks, what surrounds them, how random they are. No report shows them."""
    keys = [_key(table) for table in spec["keys"]]
    published = frozenset(spec.get("published", ()))

    def check(message: Message) -> Iterator[Finding]:
        if _wanted(spec, message):
            for kind, start, end in keys_in(message.text, keys, published):
                yield finding_at(message, start, end, spec["message"].format(kind.of))

    gate = any_of(dict.fromkeys(mark for kind in keys for mark in kind.marks))
    return check, {"gate": gate, "sensitive": True, "reads_arguments": True}


def _key(table: Mapping[str, Any]) -> Key:
    for name, value in table.items():
        if name not in KEY:
            raise RuleError(f"a key has no {name!r} (it may have {', '.join(KEY)})")
        if not accepts(KEY[name], value):
            raise RuleError(f"{name} of a key must be {type_name(KEY[name])}")
    if not table.get("of") or not table.get("marks") or not all(table["marks"]):
        raise RuleError("a key needs `of`, whose it is, and `marks`, texts that it has one of")
    kind = secret_key(table)
    check_pattern(kind.pattern)
    return kind


Kind = Callable[[Mapping[str, Any], Path], tuple[Check, dict[str, Any]]]

# kind -> (its function, its own keys and their types, the ones that must be there)
KINDS: dict[str, tuple[Kind, dict[str, Any], tuple[str, ...]]] = {
    "fault": (fault, {"fault": str, "repair": str}, ("fault",)),
    "pattern": (pattern, {"pattern": str, "roles": list[str]}, ("pattern",)),
    "phrases": (phrases, {"phrases": list[str], "roles": list[str]}, ("phrases",)),
    "length": (length, {"min": int, "max": int, "roles": list[str]}, ()),
    "required": (required, {"keys": list[str]}, ("keys",)),
    "allowed": (allowed, {"values": list[str]}, ("values",)),
    "secret": (secret, {"keys": list[dict], "published": list[str], "roles": list[str]}, ("keys",)),  # type: ignore[type-arg]
    "schema": (schema, {"schema": str}, ("schema",)),
}


def _check_message(message: str) -> None:
    """A message is filled with one value by place and by the name `detail`; nothing else may be asked of it."""
    try:
        message.format("", detail="")
    except (ValueError, LookupError, AttributeError) as error:
        raise RuleError(f"message: {error} (write {{}} for what was found, {{{{ for a brace)") from None


def from_table(spec: Any, path: Path) -> Rule:
    """The rule one `[[rule]]` table describes. Raises RuleError naming the key that is wrong."""
    if not isinstance(spec, dict):
        raise RuleError(f"{path}: rule must be an array of tables, [[rule]]")
    where, kind = f"{path}: {spec.get('code', '?')}", spec.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise RuleError(f"{where}: kind must be one of {', '.join(KINDS)}, not {kind!r}")
    make, own, needed = KINDS[kind]
    known = COMMON | own
    for key, value in spec.items():
        if key not in known:
            raise RuleError(f"{where}: unknown key {key!r} (it may have {', '.join(known)})")
        if not accepts(known[key], value):
            raise RuleError(f"{where}: {key} must be {type_name(known[key])}")
    for key in ("code", "name", "message", *needed):
        if key not in spec:
            raise RuleError(f"{where}: {key} is missing")
        if not spec[key]:
            raise RuleError(f"{where}: {key} is empty")
    try:
        _check_message(spec["message"])
        check, attributes = make(spec, path.parent)
        given = {key: spec[key] for key in ("help", "doc", "severity", "preview") if key in spec}
        return build(check, code=spec["code"], name=spec["name"], **given, **attributes)
    except (RuleError, PatternError, SchemaError) as error:
        raise RuleError(f"{where}: {error}") from None


def load_toml(path: Path) -> list[Rule]:
    """The rules of one TOML file."""
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise RuleError(f"{path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RuleError(f"{path}: {error}") from None
    specs = tables.pop("rule", None)
    if tables or not isinstance(specs, list):
        raise RuleError(f"{path}: a rule file holds [[rule]] tables and nothing else")
    return [from_table(spec, path) for spec in specs]
