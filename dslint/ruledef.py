"""A rule is a value made from one generator function."""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from dslint.collecting import GroupBy
from dslint.findings import SEVERITIES, Finding

# What a rule may look at: the name of its first parameter.
SUBJECTS = ("line", "fault", "shape", "record", "message", "file", "tally", "group", "dataset")

# What a gate function may be asked about, by what its rule looks at.
GATED_BY = {"record": ("shape", "line_bytes", "tools"), "tally": ("shape",)}

# (what a gate is asked about, what `unless` is asked about after it)
UNLESS = (("shape", "record"), ("line_bytes", "texts"))

# What the function that makes a tally's keys may take; `texts` are those of the turns that are objects, in order.
COUNTED = ("shape", "record", "texts")

CODE = re.compile(r"[A-Z]{3}[0-9]{3}")
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

Check = Callable[..., Iterable[Finding] | None]
Fix = Callable[..., Any]
CountBy = Callable[[Any], Iterable[str]]
Gate = str | Callable[..., Any]  # a function gives something true or false
Unless = Callable[..., bool]


class RuleError(Exception):
    """A rule is written wrongly, or configured wrongly: the message is one line for its author."""


class Option(NamedTuple):
    """A keyword-only parameter of a rule: its name in configuration, type, default and meaning."""

    name: str
    type: Any
    default: Any
    doc: str


@dataclass(frozen=True, eq=False)
class Rule:
    """One rule: what it looks at, how it checks, how it repairs, and what can be set.

    `gate` is a cheap over-approximation: for a message rule a linear-time pattern over its text, for a record
    rule a function that is False only where the check cannot find anything; its first parameter's name says what
    it is asked about: `shape` (once per distinct shape), `line_bytes` (once per length of a line) or `tools` (once
    per list of tool definitions); it takes options by their names. `unless` is a second question about what such a
    gate lets in, True only where the check cannot find anything: about the `record` after a gate on shapes, asked
    once for all rules that name it, or about its `texts`, those of its turns, after a gate on lengths.
    `fix` maps a record (or, for a fault rule, the raw line) to its repaired form, or to None to drop it; it takes
    options in the same way. `safe` promises that no record is dropped and no trained token changes. `conflict` says
    that a finding and its related places contradict each other, so that nobody may keep just one side; `sensitive`
    that what a finding's place leads to is a secret or a personal datum, which reports mask; `reads_arguments` that
    a message rule with a pattern is shown the arguments of tool calls too, each as a message whose text they are;
    `references` that a rule over facts is shown those of reference files too.
    """

    code: str
    name: str
    doc: str
    subject: str
    check: Check
    severity: str
    help: str
    preview: bool = False
    since: str = "0.1.0"
    group_by: GroupBy | None = None
    count_by: CountBy | None = None
    gate: Gate | None = None
    unless: Unless | None = None
    fix: Fix | None = None
    safe: bool = False
    conflict: bool = False
    sensitive: bool = False
    reads_arguments: bool = False
    references: bool = False
    fault: str = ""
    options: tuple[Option, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    origin: str = ""

    @property
    def family(self) -> str:
        """The three letters of the code."""
        return self.code[:3]

    @property
    def gated_by(self) -> str:
        """What the gate is asked about: text, shape, line_bytes, tools or ""."""
        if callable(self.gate):
            return first_parameter(self.gate)
        return "" if self.gate is None else "text"

    @property
    def fixable(self) -> str:
        """safe, unsafe or ""."""
        return "" if self.fix is None else "safe" if self.safe else "unsafe"

    def bound(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """A gate or fix of the rule with those of its options set that it names as keywords."""
        code = getattr(function, "__code__", None)
        if code is None:
            return function
        names = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
        given = {name: self.settings[name] for name in names if name in self.settings}
        return partial(function, **given) if given else function

    def configure(self, table: Mapping[str, Any]) -> Rule:
        """The rule with these options set. Raises RuleError on an unknown option or a wrong type."""
        known = {option.name: option for option in self.options}
        settings = dict(self.settings)
        for name, value in table.items():
            if name not in known:
                raise RuleError(f"{self.name} ({self.code}) has no option {name!r}{_choices(known)}")
            if not accepts(known[name].type, value):
                wanted = type_name(known[name].type)
                raise RuleError(f"{self.name} ({self.code}): {name} must be {wanted}, not {value!r}")
            settings[name.replace("-", "_")] = tuple(value) if isinstance(value, list) else value
        return replace(self, settings=settings)


def first_parameter(function: Callable[..., Any]) -> str:
    """The name of a function's first parameter, "" when it has none."""
    code = getattr(getattr(function, "__wrapped__", function), "__code__", None)
    return code.co_varnames[0] if code is not None and code.co_argcount else ""


def _choices(known: Mapping[str, Option]) -> str:
    return f" (it has {', '.join(sorted(known))})" if known else " (it has none)"


def accepts(annotation: Any, value: Any) -> bool:
    """Whether a TOML value fits an annotation made of bool, int, float, str, None, Literal, unions and tuples."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return any(accepts(argument, value) for argument in arguments)
    if origin is Literal:
        return value in arguments
    if origin in (tuple, list):
        return isinstance(value, (tuple, list)) and all(accepts(arguments[0], item) for item in value)
    if annotation is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if annotation is type(None):
        return value is None
    return isinstance(value, annotation) and (annotation is bool or not isinstance(value, bool))


def type_name(annotation: Any) -> str:
    """How documentation writes the type of an option."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return " or ".join(type_name(argument) for argument in arguments if argument is not type(None))
    if origin is Literal:
        return " or ".join(repr(argument) for argument in arguments)
    if origin in (tuple, list):
        return f"list of {type_name(arguments[0])}"
    return {bool: "true or false", int: "integer", float: "number", str: "string", dict: "table"}.get(
        annotation, str(annotation)
    )


def _options(function: Callable[..., Any], where: str) -> tuple[Option, ...]:
    code = getattr(function, "__code__", None)
    if code is None:
        return ()
    names = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    annotations = function.__annotations__
    if any(isinstance(annotations.get(name), str) for name in names):
        annotations = get_type_hints(function, include_extras=True)
    defaults = function.__kwdefaults__ or {}
    options = []
    for name in names:
        if name not in defaults or name not in annotations:
            raise RuleError(f"{where}: option {name} needs a type and a default")
        annotation, doc = annotations[name], ""
        if hasattr(annotation, "__metadata__"):  # Annotated
            annotation, doc = get_args(annotation)[:2]
        options.append(Option(name.replace("_", "-"), annotation, defaults[name], doc))
    return tuple(options)


def _clean(doc: str) -> str:
    """A docstring without its indentation."""
    return "\n".join(line.strip() for line in doc.strip().splitlines())


def build(check: Check, *, code: str, name: str, severity: str = "warning", **attributes: Any) -> Rule:
    """A rule from its check; raises RuleError when any part of it is wrong."""
    where = f"{code} ({name})"
    if not CODE.fullmatch(code):
        raise RuleError(f"{where}: a code is three capital letters and three digits")
    if not NAME.fullmatch(name):
        raise RuleError(f"{where}: a name is lower case words joined by hyphens")
    subject = first_parameter(check)
    if subject not in SUBJECTS:
        raise RuleError(f"{where}: the first parameter must be one of {', '.join(SUBJECTS)}, not {subject!r}")
    grouped = attributes.get("group_by") is not None
    if subject == "group" and not grouped:
        raise RuleError(f"{where}: a rule over a group needs group_by=")
    if attributes.get("references") and not grouped:
        raise RuleError(f"{where}: references= goes with group_by=")
    if grouped and subject not in ("group", "dataset"):
        raise RuleError(f"{where}: group_by= goes with a first parameter named group or dataset")
    counter = attributes.get("count_by")
    if (subject == "tally") != (counter is not None):
        raise RuleError(f"{where}: count_by= and a first parameter named tally go together")
    if counter is not None and first_parameter(counter) not in COUNTED:
        raise RuleError(f"{where}: the first parameter of count_by must be one of {', '.join(COUNTED)}")
    gate = attributes.get("gate")
    if callable(gate) and first_parameter(gate) not in GATED_BY.get(subject, ()):
        raise RuleError(f"{where}: a gate takes shape (record, tally rules), line_bytes or tools (record rules)")
    if isinstance(gate, str) and subject != "message":
        raise RuleError(f"{where}: a gate pattern is for a message rule")
    if attributes.get("reads_arguments") and not isinstance(gate, str):
        raise RuleError(f"{where}: reads_arguments= goes with a gate pattern")
    unless = attributes.get("unless")
    asked = (first_parameter(gate), first_parameter(unless)) if callable(gate) and unless else None
    if unless and (subject != "record" or asked not in UNLESS):
        raise RuleError(f"{where}: unless= takes record after a gate on shape, texts after one on line_bytes")
    if severity not in SEVERITIES:
        raise RuleError(f"{where}: severity must be one of {', '.join(SEVERITIES)}, not {severity!r}")
    doc = _clean(check.__doc__ or "")
    options = _options(check, where)
    fields = {"help": "", "doc": doc, "options": options} | attributes
    return Rule(code=code, name=name, subject=subject, check=check, severity=severity, **fields)


def rule(
    code: str,
    *,
    severity: str = "warning",
    help: str = "",
    preview: bool = False,
    group_by: GroupBy | None = None,
    count_by: CountBy | None = None,
    gate: Gate | None = None,
    unless: Unless | None = None,
    fix: Fix | None = None,
    safe: bool = False,
    conflict: bool = False,
    sensitive: bool = False,
    reads_arguments: bool = False,
    references: bool = False,
) -> Callable[[Check], Rule]:
    """Turn a generator function into a `Rule`; the name of its first parameter says what it looks at.

    The choices are `line` (raw bytes), `fault` (a line that cannot be decoded), `shape` (roles and kinds of a
    conversation), `record`, `message`, `file` and `dataset` (counts and facts of a file or a set of files), `group`
    (facts that share a key of `group_by`) and `tally` (how often each key of `count_by` occurs in a file).
    Keyword-only parameters are the rule's options. Raises RuleError when the rule is written wrongly.
    """

    def wrap(check: Check) -> Rule:
        return build(
            check,
            code=code,
            name=check.__name__.replace("_", "-"),
            severity=severity,
            help=help,
            preview=preview,
            group_by=group_by,
            count_by=count_by,
            gate=gate,
            unless=unless,
            fix=fix,
            safe=safe,
            conflict=conflict,
            sensitive=sensitive,
            reads_arguments=reads_arguments,
            references=references,
        )

    return wrap
