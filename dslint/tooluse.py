"""Whether a conversation uses its tools as it should: most do, and then no rule about calls has anything to say."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from dslint.records import Record
from dslint.schema import Schema, SchemaError
from dslint.shapes import ROLES, canonical_role
from dslint.toolcalls import decoded
from dslint.tooldefs import OPENAI, REMEMBERED, Tools, names, tools

NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")  # what providers take as the name of a tool


@lru_cache(REMEMBERED)
def judged(defined: Tools) -> tuple[Schema | SchemaError | None, ...]:
    """Of each tool the schema of its arguments, or what is wrong with it, or None where it has none."""
    return tuple(_schema(tool.parameters) if isinstance(tool.parameters, dict) else None for tool in defined)


def _schema(parameters: dict[str, Any]) -> Schema | SchemaError:
    try:
        return Schema(parameters)
    except SchemaError as error:
        return error


@lru_cache(REMEMBERED)
def schemas(defined: Tools) -> dict[str, Schema]:
    """The schemas of tools by name, those left out that are none: they are another rule's finding."""
    both = zip(defined, judged(defined), strict=True)
    return {tool.name: schema for tool, schema in both if isinstance(schema, Schema)}


@lru_cache(REMEMBERED)
def misnamed(defined: Tools) -> frozenset[str]:
    """The names of tools that no provider takes."""
    return frozenset(name for name in names(defined) if not NAME.fullmatch(name))


@lru_cache(maxsize=1)  # rule after rule asks about the same record
def used_soundly(record: Record) -> bool:
    """Whether every call is whole, allowed by its tool and answered, and every result answers a call.

    It says so only of records in OpenAI's form with arguments as JSON text; calls at the end need no result.
    """
    defined = tools(record)
    if record.layout.name not in OPENAI or record.layout.trains == "preference" or misnamed(defined):
        return False
    known, judges = names(defined), schemas(defined)
    seen: set[str] = set()
    waiting: set[str] = set()
    for turn in record.turns:
        if type(turn) is not dict:
            continue
        role = turn.get("role")
        if type(role) is str and (role if role in ROLES else canonical_role(role)) == "tool":
            answered = turn.get("tool_call_id")
            if type(answered) is not str or answered not in waiting:
                return False
            waiting.remove(answered)
        elif waiting or turn.get("function_call"):
            return False
        made = turn.get("tool_calls") or []
        if type(made) is not list:
            return False
        for call in made:
            name = call.get("id") if type(call) is dict else None
            if type(name) is not str or not name or name in seen or not _whole(call, known, judges):
                return False
            seen.add(name)
            waiting.add(name)
    return True


def _whole(call: dict[str, Any], known: frozenset[str], judges: dict[str, Schema]) -> bool:
    """Whether the call names one of the tools and has arguments that it takes."""
    function = call.get("function")
    if call.get("type") != "function" or type(function) is not dict:
        return False
    name, given = function.get("name"), function.get("arguments")
    if type(name) is not str or name not in known or type(given) is not str:
        return False
    arguments, judge = decoded(given), judges.get(name)
    try:
        return arguments is not None and (judge is None or judge.allows(arguments))
    except SchemaError:
        return False
