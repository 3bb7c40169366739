"""Rule pages as tests: the fenced examples of a page are run, and refreshed when asked to.

Fences: `jsonl` and `bytes` are input files (a name may follow, `data.jsonl` without one), `toml` is configuration,
`findings` and `fixed` are what must come out; an example without either must be clean. In `bytes` only `\\n`
ends a line, and `\\r`, `\\\\` and `\\xNN` are what they are in Python. A heading ends an example.
"""

from __future__ import annotations

import re
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dslint import fixes
from dslint.config import Config, ConfigError, from_table
from dslint.driver import lint
from dslint.inputs import declared, in_roles, unrolled
from dslint.loader import page
from dslint.locate import Located, locate
from dslint.replacing import replacing
from dslint.report.visible import visible
from dslint.ruledef import Rule, type_name
from dslint.sources import Source, role_of

if TYPE_CHECKING:
    from dslint.spooling import Spool

FENCE = re.compile(r"^```(jsonl|bytes|toml|findings|fixed)(?: ([^\n`]+))?\n(.*?)^```$|^#+ [^\n]*$", re.M | re.S)
ESCAPE = re.compile(r"\\(x[0-9a-f]{2}|[nr\\])")
DEFAULT_NAME = "data.jsonl"


@dataclass
class Example:
    """Input files of one example, and where on the page its expectations stand (start and end of their text)."""

    number: int
    files: dict[str, bytes] = field(default_factory=dict)
    config: str = ""
    findings: tuple[int, int] | None = None
    fixed: tuple[int, int] | None = None


@dataclass(frozen=True)
class Outcome:
    """One example of a rule, what its page says and what came out."""

    rule: Rule
    number: int
    expected: str
    actual: str

    @property
    def ok(self) -> bool:
        """Whether the page is right."""
        return self.expected == self.actual


def unescape(text: str) -> bytes:
    """The bytes a `bytes` fence stands for."""
    joined = text.replace("\n", "")
    parts = re.split(ESCAPE, joined)
    out = bytearray()
    for place, part in enumerate(parts):
        if place % 2 == 0:
            out += part.encode()
        elif part.startswith("x"):
            out.append(int(part[1:], 16))
        else:
            out += {"n": b"\n", "r": b"\r", "\\": b"\\"}[part]
    return bytes(out)


def examples(text: str) -> Iterator[Example]:
    """The examples of a page in order."""
    current, number = Example(1), 1
    for fence in FENCE.finditer(text):
        kind, name, body = fence[1], fence[2] or DEFAULT_NAME, fence[3]
        closed = current.findings is not None or current.fixed is not None
        is_input = kind in ("jsonl", "bytes", "toml")
        if kind is None or (is_input and (closed or name in current.files)):
            if current.files:
                yield current
                number += 1
            current = Example(number)
        if kind == "toml":
            current.config = body
        elif kind in ("jsonl", "bytes"):
            current.files[name] = body.encode() if kind == "jsonl" else unescape(body)
        elif kind == "findings":
            current.findings = fence.span(3)
        elif kind == "fixed":
            current.fixed = fence.span(3)
    if current.files:
        yield current


def _line(located: Located) -> Iterator[str]:
    finding = located.finding
    place = finding.where.source + (f":{finding.where.line}:{located.column}" if finding.where.line else "")
    path = f" ({finding.where.json_path})" if finding.where.pointer else ""
    yield f"{place} {finding.severity}: {visible(finding.message)}{path}"
    for related in finding.related:
        yield f"  {related.where.source}:{related.where.line} {visible(related.note)}".rstrip()


def run(rule: Rule, example: Example) -> tuple[str, str]:
    """(findings, fixed files) of an example as its page would show them. Raises ConfigError."""
    with tempfile.TemporaryDirectory(prefix="dslint-test-") as folder:
        config = _config(rule, example, Path(folder))
        sources = []
        for name, body in example.files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
            packed = path.suffix if path.suffix in (".gz", ".zst") else ""
            sources.append(Source(name, path, role_of(name), packed))
        temporary: list[Spool] = []
        sources = [unrolled(source, temporary) for source in in_roles(sources, declared(config))]
        result = lint(sources, config)
        lines = [line for located in locate(result.findings, sources) for line in _line(located)]
        lines += [f"crash: {crash.error}" for crash in result.crashes]
        wanted = fixes.plan(result.findings, {rule.code: rule for rule in result.rules}, unsafe=True)
        written = [source for source in sources if source.name in wanted and wanted[source.name].covers(source)]
        for source in written:
            with replacing(source.file) as new:
                fixes.apply(source, wanted[source.name], new)
        for spool in temporary:
            spool.close()
        fixed = "".join(_show(source.file.read_bytes()) for source in written)
    return "".join(f"{line}\n" for line in lines), fixed


def _show(body: bytes) -> str:
    return body.decode("utf-8", "backslashreplace").replace("\r", "\\r")


def _config(rule: Rule, example: Example, folder: Path) -> Config:
    try:
        table = tomllib.loads(example.config)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"example {example.number}: {error}") from None
    config = replace(from_table(table, folder / "dslint.toml", example.config), select=(rule.name,), rules=())
    return replace(config, rules=() if is_builtin(rule) else (rule.origin,), isolated=True)


def is_builtin(rule: Rule) -> bool:
    """Whether the rule comes with dslint."""
    from dslint.loader import builtin

    return Path(rule.origin).is_relative_to(builtin())


def outcomes(rule: Rule) -> Iterator[Outcome]:
    """Every expectation of the rule's page against what comes out."""
    text = page(rule)
    for example in examples(text):
        findings, fixed = run(rule, example)
        if example.findings or not example.fixed:
            expected = text[slice(*example.findings)] if example.findings else ""
            yield Outcome(rule, example.number, expected, findings)
        if example.fixed:
            yield Outcome(rule, example.number, text[slice(*example.fixed)], fixed)


def header(rule: Rule) -> str:
    """The generated line under a page's title."""
    fix = {"safe": "fix: safe", "unsafe": "fix: unsafe", "": "no fix"}[rule.fixable]
    state = "preview" if rule.preview else "on by default"
    return f"> {rule.severity} · {state} · looks at `{rule.subject}` · {fix} · since {rule.since}"


def options(rule: Rule) -> str:
    """The generated section on options, "" when there are none."""
    if not rule.options:
        return ""
    lines = [
        f"- `{option.name}`: {type_name(option.type)}, default {_default(option.default)}. {option.doc}".rstrip()
        for option in rule.options
    ]
    return "## Options\n\n" + "\n".join(lines) + "\n"


def _default(value: object) -> str:
    return "none" if value is None else f"`{str(value).lower() if isinstance(value, bool) else value}`"


def refreshed(rule: Rule) -> str:
    """The page with its generated parts, findings and fixed files as they come out now."""
    text = page(rule)
    edits: list[tuple[tuple[int, int], str]] = []
    for example in examples(text):
        findings, fixed = run(rule, example)
        if example.findings:
            edits.append((example.findings, findings))
        if example.fixed:
            edits.append((example.fixed, fixed))
    for (start, end), body in sorted(edits, reverse=True):
        text = text[:start] + body + text[end:]
    title = f"# {rule.name} ({rule.code})\n\n{header(rule)}\n"
    text = title + "\n" + re.sub(r"\A# [^\n]*\n\n(?:>[^\n]*\n)?", "", text).lstrip("\n")
    text = re.sub(r"^## Options\n.*?(?=^## |\Z)", "", text, flags=re.M | re.S).rstrip() + "\n"
    section = options(rule)
    if not section:
        return text
    if "\n## Sources\n" in text:
        return text.replace("\n## Sources\n", f"\n{section}\n## Sources\n")
    return f"{text}\n{section}"
