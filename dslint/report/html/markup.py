"""Pieces of a page. What data says gets into it through `text` alone: visible, and escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from dslint.report.visible import visible

VOID = ("meta",)
HIDDEN = "unseen"  # the class of what screen readers read and nobody sees


def text(data: str, limit: int = 200) -> str:
    """Data as markup: nothing in it acts or hides, cut at `limit` characters."""
    return escape(visible(data, limit))


def tag(name: str, /, *inner: str, **attributes: str | int | bool) -> str:
    """An element around markup; `class_` is its class, True an attribute without a value, False none."""
    said = "".join(map(_attribute, attributes.items()))
    return f"<{name}{said}>" if name in VOID else f"<{name}{said}>{''.join(inner)}</{name}>"


def _attribute(item: tuple[str, str | int | bool]) -> str:
    name, value = item[0].rstrip("_").replace("_", "-"), item[1]
    if isinstance(value, bool):
        return f" {name}" if value else ""
    return f' {name}="{escape(str(value))}"'


def code(data: str, limit: int = 300) -> str:
    """Data as a name or a place."""
    return tag("code", text(data, limit))


def prose(said: str) -> str:
    """What a rule says, with the names in it that stand between backticks."""
    pieces = escape(visible(said, 500)).split("`")
    if len(pieces) % 2 == 0:  # a backtick without its other
        return "`".join(pieces)
    return "".join(tag("code", piece) if place % 2 else piece for place, piece in enumerate(pieces))


def unseen(said: str) -> str:
    """Words of ours for those who listen."""
    return tag("span", escape(said), class_=HIDDEN)


def section(name: str, title: str, *inner: str) -> str:
    """A part of the page that `#name` leads to."""
    return tag("section", tag("h2", escape(title)), *inner, id=name) + "\n"


def table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]], kinds: str = "") -> str:
    """A table of markup that scrolls by itself where it is too wide; `title` is for those who listen.

    `kinds` has a letter for each column: t for text, n for numbers, b for bars, l for what only a wide page shows.
    """
    kinds = kinds or "t" + "n" * (len(head) - 1)
    named = (name or unseen("as a bar") for name in head)
    top = "".join(tag("th", name, scope="col", class_=kind) for name, kind in zip(named, kinds, strict=True))
    body = "\n".join(_row(row, kinds) for row in rows)
    caption = tag("caption", escape(title), class_=HIDDEN)
    whole = tag("table", caption, tag("thead", tag("tr", top)), tag("tbody", "\n", body))
    return tag("section", whole, class_="scroll", aria_label=title, tabindex=0)


def _row(cells: Sequence[str], kinds: str) -> str:
    first = tag("th", cells[0], scope="row", class_=kinds[0])
    return tag(
        "tr", first, *(tag("td", cell, class_=kind) for cell, kind in zip(cells[1:], kinds[1:], strict=True))
    )


def notes(lines: Iterable[str]) -> str:
    """Lines of ours, as one small paragraph."""
    said = " ".join(lines)
    return tag("p", text(said, 2000), class_="note") if said else ""
