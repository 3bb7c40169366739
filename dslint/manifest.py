"""The manifest of a split, and whether a folder still is what its manifest says."""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dslint.config import ConfigError
from dslint.sources import BUFFER

MANIFEST = "split.json"
REASONS = "rejected.findings.jsonl"
VERSION = 1
LARGEST = 64 << 20  # bytes of a manifest


class Uncheckable(ConfigError):
    """A folder of which nothing can be said; the message is one line."""


class Damaged(Exception):
    """A manifest that cannot be understood; the message says what is wrong with it."""


def known_names(folder: Path) -> set[str]:
    """Files that a split wrote into a folder, as its manifest names them, if it has one. Raises OSError."""
    try:
        return {MANIFEST, *_outputs(load(folder))}
    except (FileNotFoundError, NotADirectoryError, Damaged, Uncheckable):
        return set()


def load(folder: Path) -> dict[str, Any]:
    """The manifest of a folder. Raises OSError, Damaged, and Uncheckable when a later version wrote it."""
    path = folder / MANIFEST
    if not stat.S_ISREG(path.lstat().st_mode) or path.stat().st_size > LARGEST:
        raise Damaged("is no file that dslint wrote")
    try:
        manifest = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        raise Damaged("is no JSON, or not all of it") from None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("version"), int):
        raise Damaged("is no manifest of a split")
    if manifest["version"] > VERSION:
        raise Uncheckable(f"{path} is of version {manifest['version']}, this dslint knows {VERSION}")
    _outputs(manifest)
    return manifest


def is_output(name: str) -> bool:
    """Whether the name is that of a file beside the manifest: a manifest may be anybody's."""
    return name.endswith(".jsonl") and "\0" not in name and name == Path(name.replace("\\", "/")).name


def _outputs(manifest: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    outputs = manifest.get("outputs")
    if not isinstance(outputs, dict):
        raise Damaged("names no outputs")
    for name, entry in outputs.items():
        if not is_output(name):
            raise Damaged("names a file outside its folder")
        if not isinstance(entry, dict) or not all(isinstance(entry.get(key), int) for key in ("lines", "bytes")):
            raise Damaged(f"does not say how large {name} is")
    return outputs


def differences(folder: Path) -> Iterator[str]:
    """What is not as the manifest says, in lines of text; nothing when the split is sound and whole.

    Raises Uncheckable or OSError when that cannot be found out.
    """
    if not folder.is_dir():
        raise Uncheckable(f"{folder} is not a folder")
    try:
        manifest = load(folder)
    except FileNotFoundError:
        yield f"{MANIFEST} is missing: the split is incomplete, or none"
        return
    except Damaged as error:
        yield f"{MANIFEST} {error}"
        return
    outputs = _outputs(manifest)
    found = {path.name for path in folder.iterdir()}
    for name in sorted(found | outputs.keys()):
        if name not in found:
            yield f"{name} is missing"
        elif name not in outputs:
            yield from () if name == MANIFEST else (f"{name} is not of this split",)
        else:
            yield from _changes(folder / name, outputs[name])
    yield from _unaccounted(manifest)


def _changes(path: Path, entry: Mapping[str, Any]) -> Iterator[str]:
    if not stat.S_ISREG(path.lstat().st_mode):
        yield f"{path.name} is not a file"
        return
    lines, size, digest = _measured(path)
    if size != entry["bytes"]:
        yield f"{path.name} has {size:,} bytes instead of {entry['bytes']:,}"
    if lines != entry["lines"]:
        yield f"{path.name} has {lines:,} lines instead of {entry['lines']:,}"
    if (size, lines) == (entry["bytes"], entry["lines"]) and digest != entry.get("sha256"):
        yield f"{path.name} has another content (SHA-256 {digest[:12]}…)"


def _measured(path: Path) -> tuple[int, int, str]:
    lines, size, digest = 0, 0, hashlib.sha256()
    with open(path, "rb", buffering=0) as file:
        while block := file.read(BUFFER):
            lines += block.count(b"\n")
            size += len(block)
            digest.update(block)
    return lines, size, digest.hexdigest()


def _unaccounted(manifest: Mapping[str, Any]) -> Iterator[str]:
    """The manifest's own sum: as many lines went out as came in."""
    try:
        read = sum(entry["lines"] for entry in manifest["inputs"])
        written = sum(entry["lines"] for name, entry in manifest["outputs"].items() if name != REASONS)
    except (KeyError, TypeError):
        yield f"{MANIFEST} does not say what was read"
        return
    if read != written:
        yield f"{MANIFEST} speaks of {read:,} lines read and {written:,} written"
