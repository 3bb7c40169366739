"""Facts gathered from many records at a time, so that collectors share what they have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import update_wrapper
from typing import Any, NamedTuple

from dslint.records import Record


class Columns(NamedTuple):
    """Facts in order of line, one in each row: the line, the key, the value."""

    lines: Sequence[int] = ()
    keys: Sequence[bytes] = ()
    values: Sequence[bytes] = ()


class Batch:
    """Records of one file that are looked at together, in order."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.records = records


class Collector:
    """A `group_by` that looks at many records at a time; asked about one, it answers for that."""

    def __init__(self, columns: Callable[[Batch], Columns]) -> None:
        self.columns = columns
        update_wrapper(self, columns)

    def __call__(self, record: Record) -> list[tuple[bytes, bytes]]:
        found = self.columns(Batch([record]))
        return list(zip(found.keys, found.values, strict=True))

    def __reduce__(self) -> str | tuple[Any, ...]:
        """A decorated function is sent to another process by its name."""
        name: str = getattr(self.columns, "__qualname__", "")
        return name or (Collector, (self.columns,))


GroupBy = Collector | Callable[[Any], Iterable[tuple[bytes, bytes]]]


def collected(collector: GroupBy, batch: Batch, failed: Callable[[GroupBy, Record, Exception], None]) -> Columns:
    """What a collector makes of the records, of each all or nothing; `failed` hears of those where it raises."""
    if isinstance(collector, Collector):
        try:
            return collector.columns(batch)
        except Exception:  # which of the records it is has to be told
            pass
    found: list[tuple[int, bytes, bytes]] = []
    for record in batch.records:
        try:
            found += [(record.line, key, value) for key, value in collector(record)]
        except Exception as error:  # the map step of a rule may be a stranger's code too
            failed(collector, record, error)
    return Columns(*zip(*found, strict=True))
