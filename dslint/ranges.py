"""One source, or a range of it, through the mapper: what its lines give, and what is wrong with it as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from dslint.dataset import File
from dslint.decode import FaultAt, file_fault, read_head
from dslint.engine import Mapped, Plan, empty, run
from dslint.findings import REFERENCE, Where
from dslint.layouts import by_name
from dslint.mapper import Mapper
from dslint.precise import Fault
from dslint.sources import Source, SourceError, read_lines, why

if TYPE_CHECKING:
    from dslint.cache import Cache

Report = Callable[[int], None]


def _nothing(_: int) -> None:
    pass


def map_range(
    plan: Plan,
    source: Source,
    start: int,
    length: int,
    report: Report = _nothing,
    layout: str = "",
    cache: Cache | None = None,
) -> Mapped:
    """Map the lines of a byte range of a source, in one layout or each record's own.

    A compressed source is mapped as a whole. No rule looks at a reference file: only its facts are gathered. Parts
    that the cache knows are taken from there.

    Raises SourceError when a plain file cannot be read to its end; a damaged archive is a finding.
    """
    if source.role == REFERENCE:
        plan = Plan((), plan.collectors)
    damage: list[str] = []
    marks: list[tuple[int, int]] = []

    def lines() -> Iterator[bytes]:
        try:
            with source.open() as stream:
                if start:
                    stream.seek(start)
                until = None if source.packed else length
                yield from read_lines(stream, until=until, report=report, marks=marks)
        except source.read_errors() as error:
            damage.append(why(error))

    def mapped(some: Iterable[bytes]) -> Mapped:
        return Mapper(plan, File(source.name, source.role, source.size), layout=by_name(layout)).map(some)

    shelf = cache.shelf(plan, source, layout) if cache is not None else None
    if shelf is None:
        whole = mapped(lines())
    else:
        whole = empty(plan, File(source.name, source.role, source.size))
        for part in shelf.parts(lines(), mapped):
            whole.add(part)
    whole.file.marks = [] if source.packed else [(lines, start + taken) for lines, taken in marks]
    if damage and not source.packed:
        raise SourceError(f"{source.name}: {damage[0]}")
    if damage:
        add_fault(plan, whole, Fault("damaged-archive", 0, 0, damage[0][:70], ""), whole.file.lines + 1)
    return whole


def add_fault(plan: Plan, mapped: Mapped, fault: Fault, line: int) -> None:
    rule = plan.faults.get(fault.kind)
    if rule is not None:
        place = Where(mapped.file.source, line)
        mapped.findings += run(rule, FaultAt(fault, place.source, line), place, mapped.crashes)


def head_fault(source: Source) -> Fault | None:
    """What keeps a file from being read line by line. Raises SourceError when it cannot be read at all."""
    try:
        with source.open() as stream:
            return file_fault(*read_head(stream))
    except source.read_errors() as error:
        if source.packed:
            return None  # read line by line as far as it goes, and reported there
        raise SourceError(f"{source.name}: {why(error)}") from None
