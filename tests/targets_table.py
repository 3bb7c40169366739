"""`docs/choosing-a-target.md`: its table is made from `rules/targets`, the rest of the page is written by hand."""

from __future__ import annotations

from pathlib import Path

from dslint.targets import Target, load, names

PAGE = Path(__file__).resolve().parent.parent / "docs" / "choosing-a-target.md"
START, END = "<!-- table: made by tests/refresh_docs.py -->\n", "<!-- end of the table -->\n"
FORMS = {"string": "JSON text", "object": "an object", "either": "either"}
HEAD = (
    "| target | for | layouts | tokens of an example | arguments of calls | to know |\n|---|---|---|---|---|---|\n"
)


def page() -> str:
    """The page with its table as it is now."""
    before, _, rest = PAGE.read_text("utf-8").partition(START)
    _, _, after = rest.partition(END)
    table = HEAD + "".join(f"| {' | '.join(row(load(name)))} |\n" for name in names())
    return f"{before}{START}\n{table}\n{END}{after}"


def row(target: Target) -> tuple[str, ...]:
    """The cells of one target; what it says nothing of is left empty."""
    options = target.options
    limit = options.get("over-token-budget", {}).get("limit")
    return (
        f"[{target.name}](../rules/targets/{target.name}.toml)",
        target.title,
        ", ".join(options.get("wrong-layout", {}).get("layouts", ())),
        "" if limit is None else f"{limit:,}",
        FORMS.get(options.get("wrong-argument-form", {}).get("form", ""), ""),
        target.status,
    )
