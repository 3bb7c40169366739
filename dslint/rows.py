"""Records that stand in memory or in a table, written as lines, so that they are read like those of a file."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from dslint.regex import regex
from dslint.sources import SourceError
from dslint.spooling import Spool

SLICE = 10_000  # rows of a table that are Python objects at a time

# What is written as an escape: a lone surrogate has no bytes, and a line separator was not raw where it came from.
ESCAPED = regex("[\u0085\u2028\u2029\ud800-\udfff]")


def spooled(rows: Iterable[Any], name: str) -> Spool:
    """A temporary file with one line of JSON for each row. Raises SourceError for a row that JSON cannot hold."""
    return Spool(_lines(rows, name))


def _lines(rows: Iterable[Any], name: str) -> Iterator[bytes]:
    for number, row in enumerate(rows, 1):
        try:
            yield _line(row)
        except (TypeError, ValueError, RecursionError) as error:
            raise SourceError(f"{name}: row {number}: {error}") from None


def _line(row: Any) -> bytes:
    text = json.dumps(row, ensure_ascii=False, default=_as_json)
    if not text.isascii() and ESCAPED.search(text):
        text = json.dumps(row, default=_as_json)
    return text.encode() + b"\n"


def _as_json(value: Any) -> Any:
    """What JSON has for a value of a table: text for dates and bytes, numbers and lists for those of numpy."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, (bytes, bytearray)):
        return b64encode(value).decode()
    for name in ("isoformat", "tolist"):
        if callable(method := getattr(value, name, None)):
            return method()
    raise TypeError(f"a value of type {type(value).__name__} is no JSON")


def without_nulls(value: Any) -> Any:
    """A row without keys whose value is null: a table has every key in every row, so null says it is absent."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def of_table(table: Any, name: str) -> Iterator[dict[str, Any]]:
    """The rows of anything that offers an Arrow C stream of columns. Raises SourceError where it is none."""
    import polars

    try:
        frame = polars.DataFrame(table)
    except Exception as error:  # a stranger's object, and what polars raises has no common class
        raise SourceError(f"{name}: {_first_line(error)}", "give the rows as a list of dicts") from None
    for part in frame.iter_slices(SLICE):
        yield from map(without_nulls, part.to_dicts())


def of_parquet(path: Path, name: str) -> Iterator[dict[str, Any]]:
    """The rows of a Parquet file, some thousand in memory at a time. Raises SourceError where it is damaged."""
    import polars

    try:
        for part in polars.scan_parquet(path, glob=False).collect_batches(chunk_size=SLICE, maintain_order=True):
            yield from map(without_nulls, part.to_dicts())
    except (polars.exceptions.PolarsError, OSError) as error:
        raise SourceError(f"{name}: {_first_line(error)}") from None


@contextmanager
def as_parquet(target: IO[bytes], name: str) -> Iterator[IO[bytes]]:
    """Lines of JSON are written to what is given, and stand as rows in the target when the block ends well.

    A column has one type: raises SourceError where the rows have none in common, and would be read again as others,
    but for null, which is read as an absent key. All rows are in memory for that.
    """
    with TemporaryFile() as lines:
        yield lines
        lines.seek(0)
        rows = [json.loads(line) for line in lines]
    import polars

    try:
        frame = polars.DataFrame(rows, infer_schema_length=None)
    except (polars.exceptions.PolarsError, TypeError, OverflowError) as error:
        raise _no_table(name, _first_line(error)) from None
    parts = (part.to_dicts() for part in frame.iter_slices(SLICE))
    again = (without_nulls(row) for part in parts for row in part)
    different = next(
        (at for at, (row, same) in enumerate(zip(rows, again, strict=True), 1) if without_nulls(row) != same), 0
    )
    if different:
        raise _no_table(name, f"record {different} would be read as another")
    frame.write_parquet(target)


def _no_table(name: str, why: str) -> SourceError:
    return SourceError(f"{name}: no table: {why}", "a column of Parquet has one type; write .jsonl instead")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
