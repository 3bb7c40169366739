"""A first configuration from what the data shows: layout, roles of files, labels."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from glob import escape

from dslint.compare import answer_of, by_question
from dslint.config import ROLE_KEYS, Config
from dslint.dataset import File
from dslint.driver import read
from dslint.engine import Plan
from dslint.findings import Fact
from dslint.sources import Source
from dslint.targets import names

MOST_LABELS = 200  # kinds; more short answers than this are no label set
ROWS_PER_LABEL = 5  # in the mean; labels repeat, answers do not


def first_configuration(sources: Sequence[Source], config: Config) -> str:
    """A commented dslint.toml for these files."""
    plan = Plan([], [by_question])
    reading = read(plan, sources, config)
    files = [part.file for part in reading.parts.values()]
    labels = label_set(reading.facts_of(by_question))
    records = sum(file.records for file in files)
    text = [
        f"# Written by `dslint init` from {len(files)} files with {records:,} records. Any line may be left out.",
        "",
        f"# What the data is for: {', '.join(names())}.",
        'target = "generic"',
        "",
        *_layout(files),
        "",
        "# Rules by name, code or family; preview rules are off until they are asked for.",
        '# extend-select = ["preview"]',
        "# ignore = []",
        "",
        "# The lowest severity that fails a run: error, warning, info or never.",
        'fail-on = "error"',
        *_dataset(files),
        *_labels(labels),
    ]
    return "\n".join(text) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(values: Iterable[str]) -> str:
    return "[" + ", ".join(map(_quoted, values)) + "]"


def _layout(files: Sequence[File]) -> list[str]:
    counts = sum((file.layouts for file in files), Counter[str]())
    seen = ", ".join(f"{name} ({count:,} records)" for name, count in sorted(counts.items()))
    name = max(counts, key=lambda name: (counts[name], name), default="chat")
    return [
        f"# Layout, told from the keys of each record where it is left out. Seen: {seen}.",
        f'# layout = "{name}"',
    ]


def _dataset(files: Sequence[File]) -> list[str]:
    """The table of roles. Files without one stand with train, for `lint` looks at what a dataset names only."""
    if len(files) < 2 and not any(file.role for file in files):
        return []
    roles = {role: [_pattern(file) for file in files if file.role == role] for role in ROLE_KEYS}
    rest = [_pattern(file) for file in files if not file.role]
    head = ["", "# Files that belong together: what leaks from one into another is found.", "[[dataset]]"]
    if not any(roles.values()):
        return [*head, f"# No role is known of {_list(rest)}."]
    listed = [_role(role, sources, rest if role == "train" else []) for role, sources in roles.items()]
    return [*head, "# Roles are told from the names of the files.", *(line for lines in listed for line in lines)]


def _pattern(file: File) -> str:
    """The pattern, from this folder, that fits the file and no other."""
    return escape(os.path.relpath(file.source).replace(os.sep, "/"))


def _role(role: str, sources: Sequence[str], rest: Sequence[str]) -> list[str]:
    """The key of a role: its files, and those of which no role is known."""
    if len(sources) <= 1 and not rest:
        return [f"{role} = {_list(sources)}"] if sources else []
    unknown = ["    # These names speak of no role: move what is held out."] if rest else []
    return [f"{role} = [", *_lines(sources), *unknown, *_lines(rest), "]"]


def _lines(values: Iterable[str]) -> list[str]:
    return [f"    {_quoted(value)}," for value in values]


def label_set(facts: Iterable[Fact]) -> list[str]:
    """The labels the records have as answers, sorted; none when the answers are no labels."""
    answers = [answer_of(fact.value) for fact in facts]
    shown = Counter(answer.shown for answer in answers if answer.label)
    if len(shown) > MOST_LABELS or not shown or sum(shown.values()) < len(answers):
        return []
    return sorted(shown) if len(answers) >= ROWS_PER_LABEL * len(shown) else []


def _labels(labels: Sequence[str]) -> list[str]:
    if not labels:
        return []
    note = f"# The {len(labels)} labels seen as answers. Take out what is wrong: any other label is then an error."
    return ["", note, "[options.unknown-label]", "labels = [", *_lines(labels), "]"]
