"""What tests of `dslint split` share: records, files full of near-duplicates, runs."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from dslint.cli import run
from dslint.manifest import MANIFEST, REASONS
from dslint.outputs import REJECTED

WORDS = [
    "order",
    "parcel",
    "card",
    "charge",
    "login",
    "return",
    "broken",
    "late",
    "refund",
    "invoice",
    "address",
    "shoes",
    "lamp",
    "box",
    "code",
    "screen",
    "window",
    "delivery",
    "courier",
    "voucher",
    "account",
    "password",
    "update",
    "cancel",
    "exchange",
    "warranty",
    "battery",
    "colour",
    "size",
    "missing",
    "wrong",
]


def chat(question: str, answer: str, **extra: Any) -> str:
    """A record as a line."""
    turns = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return json.dumps({"messages": turns, **extra})


def split(source: Path, target: Path, *arguments: str) -> int:
    """Run `dslint split`; its exit code."""
    return run(["split", str(source), "-o", str(target), "--isolated", "--no-progress", *arguments])


def lines(path: Path) -> list[bytes]:
    """The lines of a file, none of a file that is not there."""
    return path.read_bytes().split(b"\n")[:-1] if path.exists() else []


def outputs(folder: Path) -> dict[str, list[bytes]]:
    """The lines of each part and of the rejects, by the part's name."""
    return {path.stem: lines(path) for path in sorted(folder.glob("*.jsonl")) if path.name != REASONS}


def parts(folder: Path) -> dict[str, list[bytes]]:
    """The lines of each part."""
    return {name: found for name, found in outputs(folder).items() if f"{name}.jsonl" != REJECTED}


def manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a split."""
    found: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    return found


def question(line: bytes) -> str:
    """The question of a record."""
    return str(json.loads(line)["messages"][0]["content"])


def sentences(count: int, seed: int = 1) -> list[str]:
    """Texts that are no near-duplicates but by chance."""
    rnd = random.Random(seed)
    return [" ".join(rnd.choice(WORDS) for _ in range(9)) for _ in range(count)]


def edited(text: str, rnd: random.Random) -> str:
    """The text with a slip: two letters exchanged, one doubled, a capital, a mark at the end."""
    at = rnd.randrange(len(text) - 1)
    return rnd.choice(
        (
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
            text[:at] + text[at] + text[at:],
            text[:at] + text[at:].capitalize(),
            text + rnd.choice("?!."),
        )
    )


def clustered(count: int, seed: int) -> list[str]:
    """Texts of which most have near-duplicates, and these have others."""
    rnd = random.Random(seed)
    found = []
    for text in sentences(count, seed):
        for _ in range(rnd.choice((1, 1, 2, 3, 6))):
            found.append(text)
            text = edited(text, rnd)
    rnd.shuffle(found)
    return found
