"""Write what is made from the program itself: `python tests/refresh_docs.py`, then read what has changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cli_page
import picture
import targets_table

from dslint import config_schema
from dslint.loader import load

ROOT = Path(__file__).resolve().parent.parent


def configuration_schema() -> str:
    return config_schema.as_text(config_schema.schema(load(isolated=True)))


# A file of the repository, and what makes it.
GENERATED: dict[str, Callable[[], str]] = {
    "dslint/data/config.schema.json": configuration_schema,
    "docs/cli.md": cli_page.page,
    "docs/choosing-a-target.md": targets_table.page,
    "docs/lint.svg": picture.picture,
}


def main() -> None:
    for name, made in GENERATED.items():
        (ROOT / name).write_text(made(), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
