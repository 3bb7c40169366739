"""The local driver: files through the mapper, in this process or in several, and all that is known to a result."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING

from dslint import watch
from dslint.collecting import GroupBy
from dslint.config import Config
from dslint.dataset import File
from dslint.engine import Crash, Mapped, Plan, empty, judge, judge_file
from dslint.facts import BY_SOURCE, Facts, Gathered
from dslint.findings import REFERENCE, SEVERITIES, Finding
from dslint.near_search import Audited, NearSearch
from dslint.precise import Fault
from dslint.ranges import Report, add_fault, head_fault, map_range
from dslint.ruledef import Rule
from dslint.selection import in_scope, matches, select
from dslint.sources import Source, SourceError, shards

if TYPE_CHECKING:
    from concurrent.futures import Future

    from dslint.cache import Cache

SHARD_BYTES = 32 << 20
PARALLEL_BYTES = 50 << 20  # below this, starting processes costs more than it saves


@dataclass
class Result:
    """What a run found: findings in report order, the files read, rules that crashed, files that failed.

    `references` are the files that the others were only compared with; `held_back` is how many findings were
    taken out because they are known and accepted; `audits` are what was measured of each search for
    near-duplicates, None when that was not asked for.
    """

    findings: list[Finding] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    references: list[File] = field(default_factory=list)
    crashes: list[Crash] = field(default_factory=list)
    troubles: list[SourceError] = field(default_factory=list)
    rules: Sequence[Rule] = ()
    left_out: int = 0
    held_back: int = 0
    audits: list[Audited] | None = None

    @property
    def failed(self) -> bool:
        """Whether something could not be read or a rule crashed, so that silence means nothing."""
        return bool(self.troubles or self.crashes)

    def reaches(self, level: str) -> bool:
        """Whether a finding is at or above this severity; none is at or above "never"."""
        counted = SEVERITIES[: SEVERITIES.index(level) + 1] if level in SEVERITIES else ()
        return any(finding.severity in counted for finding in self.findings)

    @property
    def records(self) -> int:
        """Records read in all files."""
        return sum(file.records for file in self.files)


def _nothing(_: int) -> None:
    pass


_worker_plan: Plan
_worker_layout: str
_worker_cache: Cache | None


def _start_worker(config: Config, scope: str, cache: Cache | None) -> None:
    """Rules come from files, so a worker is told the configuration and loads them itself."""
    global _worker_cache, _worker_layout, _worker_plan
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the first one ends the others
    threading.Thread(target=_end_with_parent, daemon=True).start()
    watch.by(watch.by_none)
    _worker_layout, _worker_cache = config.layout, cache
    _worker_plan = Plan(in_scope(select(config), scope))


def _end_with_parent() -> None:
    """A worker waits for tasks for ever: one whose parent was killed would never end."""
    import multiprocessing

    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(task: tuple[Source, int, int]) -> Mapped | SourceError:
    return _attempt(_worker_plan, task, _worker_layout, cache=_worker_cache)


def _attempt(
    plan: Plan,
    task: tuple[Source, int, int],
    layout: str,
    report: Report = _nothing,
    cache: Cache | None = None,
) -> Mapped | SourceError:
    """A file that cannot be read must not keep the others from being read."""
    try:
        return map_range(plan, *task, report, layout, cache)
    except SourceError as error:
        return error


def _map_all(
    plan: Plan,
    sources: Sequence[Source],
    config: Config,
    scope: str,
    jobs: int,
    report: Report,
    cache: Cache | None,
) -> Iterator[tuple[Source, Mapped | SourceError]]:
    """(source, mapped part) in file order, from this process or, for large inputs, from several."""
    if jobs < 2 or sum(source.size for source in sources) < PARALLEL_BYTES:
        for source in sources:
            yield source, _attempt(plan, (source, 0, source.size), config.layout, report, cache)
        return
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    tasks = [(source, *part) for source in sources for part in shards(source, 1 + source.size // SHARD_BYTES)]
    context = multiprocessing.get_context("spawn")
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(jobs, context, _start_worker, (config, scope, cache))
    try:
        waiting = deque((task, pool.submit(_work, task)) for task in tasks)
        while waiting:
            task, part = waiting.popleft()
            yield task[0], _part(task[0], part)
            report(task[2])
    except BaseException:  # Ctrl-C does not wait for the shards at hand: one may be a whole archive
        for worker in set(multiprocessing.active_children()) - others:
            worker.kill()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _part(source: Source, part: Future[Mapped | SourceError]) -> Mapped | SourceError:
    from concurrent.futures import BrokenExecutor

    try:
        return part.result()
    except BrokenExecutor:
        return SourceError(f"{source.name}: a worker process died", "run again with -j 1, or with more memory")


@dataclass
class Reading:
    """All lines of all sources mapped: what each file gave, by name in the order read, and files that failed.

    `facts` are those of all files, in the order read.
    """

    plan: Plan
    facts: Gathered
    parts: dict[str, Mapped] = field(default_factory=dict)
    troubles: list[SourceError] = field(default_factory=list)
    whole_file: set[str] = field(default_factory=set)

    def add(self, name: str, part: Mapped) -> None:
        """Take what a file gave, or the following lines of it; all facts go to one place."""
        known = self.parts.get(name)
        if self.parts:
            self.facts.take(part.facts, known.file.lines if known else 0)
        else:
            self.facts = part.facts
        part.facts = Gathered(0)
        if known:
            known.add(part)
        else:
            self.parts[name] = part

    def facts_of(self, collector: GroupBy, parts: Iterable[Mapped] | None = None) -> Facts:
        """What a collector gathered from all files, or from some, in order of file and line."""
        place = self.plan.collectors.index(collector)
        chosen = self.parts if parts is None else {part.file.source for part in parts}
        found = [segment for segment in self.facts.segments[place] if segment.source in chosen]
        return Facts(sorted(found, key=BY_SOURCE))

    def datasets(self, sources: Sequence[Source]) -> list[tuple[list[Mapped], list[Mapped]]]:
        """Files that belong together, those of one declared dataset, else of one folder, and their references."""
        groups: dict[str, tuple[list[Mapped], list[Mapped]]] = {}
        read = [source for source in sources if source.name in self.parts]
        for source in read:
            if source.role != REFERENCE:
                key = source.dataset or f"folder {PurePath(source.name).parent}"
                groups.setdefault(key, ([], []))[0].append(self.parts[source.name])
        for source in read:
            for key, (_, references) in groups.items():
                if source.role == REFERENCE and source.dataset in ("", key):
                    references.append(self.parts[source.name])
        return list(groups.values())


def _readable(plan: Plan, sources: Iterable[Source], reading: Reading) -> list[Source]:
    """Sources to read line by line; the others are dealt with at once."""
    kept = []
    for source in sources:
        try:
            fault = head_fault(source)
        except SourceError as error:
            reading.troubles.append(error)
            continue
        if fault is None:
            kept.append(source)
            continue
        mapped = empty(plan, File(source.name, source.role, source.size))
        add_fault(plan, mapped, fault, 1)
        reading.add(source.name, mapped)
        reading.whole_file.add(source.name)
    return kept


def _state(source: Source) -> tuple[int, ...]:
    """What is another when somebody writes to the file, or puts another one in its place."""
    try:
        found = source.path.stat()
    except OSError:
        return ()
    return found.st_size, found.st_mtime_ns, found.st_ino, found.st_dev


def read(
    plan: Plan,
    sources: Sequence[Source],
    config: Config,
    *,
    scope: str = "",
    jobs: int = 1,
    report: Report = _nothing,
    cache: Cache | None = None,
) -> Reading:
    """Map every line of every source; the cache may know what some of them give."""
    reading = Reading(plan, Gathered(len(plan.collectors)))
    before = {source.name: _state(source) for source in sources}
    kept = _readable(plan, sources, reading)
    for source, part in _map_all(plan, kept, config, scope, jobs, report, cache):
        if isinstance(part, SourceError):
            reading.troubles.append(part)
        else:
            reading.add(source.name, part)
    for source in sources:
        if _state(source) != before[source.name]:
            reading.troubles.append(SourceError(f"{source.name}: changed while it was read", "run again"))
        if source.name in reading.parts:
            source.marks[:] = reading.parts[source.name].file.marks
        if source.items and source.name in reading.parts:
            add_fault(plan, reading.parts[source.name], Fault(source.items, 0, 0, "", ""), 0)
    return reading


def _ignored(finding: Finding, config: Config, rules: Mapping[str, Rule]) -> bool:
    return any(
        config.covers(pattern, finding.where.source) and matches(rules[finding.code], selectors)
        for pattern, selectors in config.per_file_ignores.items()
    )


def conclude(
    plan: Plan,
    reading: Reading,
    sources: Sequence[Source],
    config: Config,
    search: NearSearch | None = None,
) -> Result:
    """The findings of a reading, judged and in report order."""
    result = Result(rules=plan.rules, troubles=reading.troubles)
    findings: list[Finding] = []
    for part in reading.parts.values():
        if part.file.role == REFERENCE:
            result.references.append(part.file)
            if not part.file.records:
                result.troubles.append(SourceError(f"{part.file.source}: no record to compare with could be read"))
            result.crashes += part.crashes
            continue
        findings += part.findings + [finding for found in part.once.values() for finding in found]
        findings += judge_file(plan, part)
        result.crashes += part.crashes
        result.files.append(part.file)
    for group, references in reading.datasets(sources):
        facts = [reading.facts_of(collector, group) for collector in plan.collectors]
        more = [reading.facts_of(collector, references) for collector in plan.collectors if references]
        findings += judge(plan, [part.file for part in group], facts, result.crashes, more, search)
    by_code = {rule.code: rule for rule in plan.rules}
    kept = {finding for finding in findings if not _ignored(finding, config, by_code)}
    result.findings = sorted(kept, key=Finding.sort_key)
    return result


def lint(
    sources: Sequence[Source],
    config: Config,
    *,
    scope: str = "",
    jobs: int = 1,
    report: Report = _nothing,
    search: NearSearch | None = None,
    cache: Cache | None = None,
) -> Result:
    """Run the configured rules over the sources. `report` is called with numbers of bytes read.

    `search` is how near-duplicates are looked for, and takes up what is measured of that. `cache` knows what parts
    of large files gave before.

    Raises ConfigError when the configuration cannot be followed.
    """
    rules = select(config)
    plan = Plan(in_scope(rules, scope))
    if not any(rule.references for rule in plan.rules):
        sources = [source for source in sources if source.role != REFERENCE]
    reading = read(plan, sources, config, scope=scope, jobs=jobs, report=report, cache=cache)
    result = conclude(plan, reading, sources, config, search)
    result.audits = search.audits if search is not None and search.audit else None
    result.left_out = len(rules) - len(plan.rules)
    return result
