"""What is in a set, counted: turns, tokens by role, longest records, labels, system prompts."""

from __future__ import annotations

import marshal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import NamedTuple

from dslint.budget import ENCODING, PER_MESSAGE, REPLY
from dslint.compare import by_question
from dslint.config import Config
from dslint.dataset import Dataset, File
from dslint.decode import BOM, decode
from dslint.driver import read
from dslint.engine import Crash, Plan
from dslint.facts import Facts
from dslint.findings import Fact
from dslint.labels import labels_of
from dslint.layouts import by_name
from dslint.records import Message, Record, digest
from dslint.selection import select
from dslint.shapes import MEDIA_KEYS, TOOL_KEYS
from dslint.sources import Source, SourceError, lines_at
from dslint.tokens import counter, record_tokens, turn_tokens

LONGEST = 5  # records that are named
SYSTEM = ("system", "developer")
REPEATED = 20  # characters from which a line that stands twice in a prompt is a repetition and not punctuation
WRITTEN = 2  # the version of marshal's format


class Measured(NamedTuple):
    """One record: the tokens of each turn with its role, of tools and reply, of a request (all before the last
    trained turn) and of the system prompt; whether there are tools, and anything that is no text.
    """

    roles: list[str]
    tokens: list[int]
    extra: int
    request: int
    system: int
    tools: bool
    uncounted: bool

    @property
    def total(self) -> int:
        """Tokens of the example."""
        return sum(self.tokens) + self.extra


class Spread(NamedTuple):
    """Numbers summed up: how many they are, their sum, nearest-rank percentiles and the greatest."""

    number: int
    total: int
    p50: int
    p90: int
    p99: int
    max: int


class System(NamedTuple):
    """System prompts: records that have one, how many different ones, what they cost on average of all requests.

    `tokens` are those of the most frequent one, which `times` records have, the first on `line` of `source`;
    `trimmed` are its tokens without lines that stand in it twice and white space that says nothing.
    """

    records: int
    kinds: int
    mean: float
    times: int
    tokens: int
    trimmed: int
    source: str
    line: int


@dataclass(frozen=True)
class Statistics:
    """The facts of a set. All tokens are those of `encoding`; `file_tokens` has their sum by file name.

    `with_tools` are records whose tools are counted as JSON, `uncounted` those that have parts which are no text.
    """

    files: Sequence[File]
    turns: Spread
    tokens: Spread
    requests: Spread
    roles: Mapping[str, Spread]
    longest: Sequence[tuple[int, str, int]]
    labels: Mapping[str, int]
    system: System | None
    file_tokens: Mapping[str, int]
    with_tools: int = 0
    uncounted: int = 0
    encoding: str = ENCODING

    @property
    def records(self) -> int:
        """Records of all files."""
        return sum(file.records for file in self.files)


@dataclass(frozen=True)
class Counted:
    """A set that was read: its files, each of its records with where it stands, and what went wrong."""

    files: list[File]
    records: list[tuple[Fact, Measured]]
    questions: Facts
    troubles: list[SourceError]
    crashes: list[Crash]


def measured(record: Record) -> Iterator[tuple[bytes, bytes]]:
    """Key: the system prompt, b"" for none; value: a `Measured`."""
    counts, extra = record_tokens(record, ENCODING, per_message=PER_MESSAGE, reply=REPLY)
    roles = [message.role or "none" for message in record.messages]
    rejected = record.layout.trains == "preference"
    roles += ["rejected" if rejected else message.role or "text" for message in record.beside]
    framed = bool(roles) and roles != ["text"]  # else plain text, which nothing frames
    system = _system(record.messages)
    value = Measured(
        roles,
        counts + turn_tokens(record.beside, ENCODING, per_message=PER_MESSAGE if framed else 0),
        extra if framed else 0,
        sum(counts[: len(record.prompt)]) + extra,
        counts[0] if system else 0,
        bool(record.tools) or any(message.tool_calls for message in record.messages),
        _has_more(record) or any(map(_has_more_than_text, record.messages)),
    )
    yield digest(system.encode("utf-8", "replace")) if system else b"", marshal.dumps(tuple(value), WRITTEN)


def _system(messages: Sequence[Message]) -> str:
    return messages[0].text if messages and messages[0].role in SYSTEM else ""


def _has_more(record: Record) -> bool:
    """Whether media stand beside the turns, or tools in a form that is not counted, such as text."""
    keys = MEDIA_KEYS if record.tools else (*MEDIA_KEYS, *TOOL_KEYS)
    return any(record.data.get(key) for key in keys)


def _has_more_than_text(message: Message) -> bool:
    parts = (part for part in message.parts if isinstance(part, dict))
    return any(not isinstance(part.get("text", part.get("value")), str) for part in parts)


def count(sources: Sequence[Source], config: Config, report: Callable[[int], None]) -> Counted:
    """Read the sources and measure each record. `report` is called with numbers of bytes read."""
    damage = select(Config(select=("damaged-archive",), isolated=True))  # nothing else tells that a file goes on
    reading = read(Plan(damage, [measured, by_question]), sources, config, report=report)
    troubles = reading.troubles + [_unread(name) for name in sorted(reading.whole_file)]
    found = (finding for part in reading.parts.values() for finding in part.findings)
    troubles += [SourceError(f"{finding.where.source}: {finding.message}") for finding in found]
    records = [(fact, Measured(*marshal.loads(fact.value))) for fact in reading.facts_of(measured)]
    parts = reading.parts.values()
    crashes = [crash for part in parts for crash in part.crashes]
    return Counted([part.file for part in parts], records, reading.facts_of(by_question), troubles, crashes)


def _unread(name: str) -> SourceError:
    return SourceError(f"{name} does not hold lines of JSON", "`dslint lint` says more")


def spread(values: Iterable[int]) -> Spread:
    """The numbers summed up; all 0 when there are none."""
    ordered = sorted(values)
    if not ordered:
        return Spread(0, 0, 0, 0, 0, 0)
    p50, p90, p99 = (ordered[-(-len(ordered) * share // 100) - 1] for share in (50, 90, 99))
    return Spread(len(ordered), sum(ordered), p50, p90, p99, ordered[-1])


def summed_up(counted: Counted, sources: Sequence[Source], config: Config) -> Statistics:
    """The statistics of a set that was read."""
    records = [record for _, record in counted.records]
    by_role: dict[str, list[int]] = {}
    of_file: Counter[str] = Counter()
    for fact, record in counted.records:
        of_file[fact.source] += record.total
        for role, tokens in zip(record.roles, record.tokens, strict=True):
            by_role.setdefault(role, []).append(tokens)
    labels = labels_of(Dataset(counted.files, counted.questions))
    return Statistics(
        counted.files,
        spread(len(record.roles) for record in records),
        spread(record.total for record in records),
        spread(record.request for record in records),
        {role: spread(by_role[role]) for role in sorted(by_role, key=lambda role: -sum(by_role[role]))},
        [(size, *place) for size, place in nlargest(LONGEST, map(_sized, counted.records), key=lambda one: one[0])],
        {label: len(labels[label]) for label in sorted(labels, key=lambda label: -len(labels[label]))},
        _system_prompts(counted, sources, config),
        of_file,
        sum(record.tools for record in records),
        sum(record.uncounted for record in records),
    )


def _sized(entry: tuple[Fact, Measured]) -> tuple[int, tuple[str, int]]:
    fact, record = entry
    return record.total, (fact.source, fact.line)


def _system_prompts(counted: Counted, sources: Sequence[Source], config: Config) -> System | None:
    times = Counter(fact.key for fact, _ in counted.records if fact.key)
    if not times:
        return None
    most, often = times.most_common(1)[0]
    first, record = next((fact, record) for fact, record in counted.records if fact.key == most)
    text = _text_of_system(first, sources, config)
    whole, short = counter(ENCODING)([text, trimmed(text)])
    mean = sum(record.system for _, record in counted.records) / len(counted.records)
    tokens, less = record.system, min(record.system, record.system - whole + short)
    return System(times.total(), len(times), mean, often, tokens, less, first.source, first.line)


def _text_of_system(fact: Fact, sources: Sequence[Source], config: Config) -> str:
    """The system prompt of one record, read again: texts are not kept while counting."""
    source = next(source for source in sources if source.name == fact.source)
    for _, raw in lines_at(source, [fact.line]):
        data = decode(raw.removeprefix(BOM))
        return _system(Record(data, layout=by_name(config.layout)).messages) if data is not None else ""
    return ""


def trimmed(text: str) -> str:
    """A prompt without white space at the ends of lines, runs of blank lines, and longer lines it has twice."""
    kept: list[str] = []
    seen: set[str] = set()
    for line in map(str.rstrip, text.strip().split("\n")):
        known = " ".join(line.split())
        if (known in seen and len(known) >= REPEATED) or (not known and kept[-1:] == [""]):
            continue
        seen.add(known)
        kept.append(line)
    return "\n".join(kept)
