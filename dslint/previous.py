"""An earlier split whose records stay where they were."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dslint.locking import OutputError
from dslint.manifest import MANIFEST, REASONS, is_output
from dslint.outputs import REJECTED
from dslint.records import digest
from dslint.sources import read_lines

MANIFEST_BYTES = 64 << 20  # a larger file is no manifest


@dataclass
class Previous:
    """An earlier split: how its parts were asked for, and the parts that hold each record, by the record's digest.

    A record that stands in it several times has as many `homes`. `changed` are files that have been edited since.
    """

    manifest: str
    into: Mapping[str, str]
    homes: dict[bytes, tuple[str, ...]] = field(default_factory=dict)
    records: Counter[str] = field(default_factory=Counter)
    changed: list[str] = field(default_factory=list)


def read_previous(path: Path) -> Previous:
    """The split in a folder, or that of a `split.json`. Raises OutputError, OSError."""
    manifest = path / MANIFEST if path.is_dir() else path
    if manifest.stat().st_size > MANIFEST_BYTES:
        raise OutputError(f"{manifest} is too large for a manifest")
    body = manifest.read_bytes()
    outputs, into = _tables(manifest, body)
    previous = Previous(hashlib.sha256(body).hexdigest(), into)
    alone: dict[str, tuple[str, ...]] = {}  # one tuple for each part serves nearly all records
    for name, entry in outputs.items():
        if name not in (REJECTED, REASONS):
            part = name.removesuffix(".jsonl")
            _read_part(manifest.parent / name, part, entry, previous, alone.setdefault(part, (part,)))
    return previous


def _read_part(path: Path, part: str, entry: Mapping[str, Any], previous: Previous, alone: tuple[str, ...]) -> None:
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        raise OutputError(f"{path} is missing: the split to keep is not complete") from None
    seen = hashlib.sha256()
    with stream:
        for raw in read_lines(stream):
            seen.update(raw)
            key = digest(raw.strip())
            previous.homes[key] = (*previous.homes[key], part) if key in previous.homes else alone
            previous.records[part] += 1
    if seen.hexdigest() != entry.get("sha256"):
        previous.changed.append(path.name)


def _tables(path: Path, body: bytes) -> tuple[dict[str, Mapping[str, Any]], dict[str, str]]:
    """The outputs of a manifest, and how its parts were asked for."""
    try:
        table = json.loads(body)
    except (ValueError, RecursionError):
        table = None
    outputs = table.get("outputs") if isinstance(table, dict) else None
    if not isinstance(outputs, dict) or not all(isinstance(entry, dict) for entry in outputs.values()):
        raise OutputError(f"{path} is not the manifest of a split")
    strange = [name for name in outputs if not is_output(name)]
    if strange:
        raise OutputError(f"{path} names {strange[0]!r}, which is no file of a split")
    into = table.get("into", {})
    asked = {name: text for name, text in into.items() if isinstance(text, str)} if isinstance(into, dict) else {}
    return outputs, asked
