"""Tables for a terminal of 80 columns: the first column is text, the others stand on the right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dslint.report.visible import pieces, width_of

WIDTH = 80
GAP = 2


def fitted(text: str, room: int, *, tail: bool = False) -> str:
    """What is seen of a text in `room` columns; of a longer one its beginning, or with `tail` its end."""
    shown = pieces(text[-room - 1 :] if tail else text[: room + 1])
    if len(text) <= room and sum(map(width_of, shown)) <= room:
        return "".join(shown)
    kept: list[str] = []
    left = room - 1
    for piece in reversed(shown) if tail else shown:
        left -= width_of(piece)
        if left < 0:
            break
        kept.append(piece)
    return "…" + "".join(reversed(kept)) if tail else "".join(kept) + "…"


def table(rows: Sequence[Sequence[str]], *, tail: bool = False) -> Iterator[str]:
    """Lines of a table, the header first; the first column gives way where the line would be too long."""
    widths = [max(len(cell) for cell in column) for column in list(zip(*rows, strict=True))[1:]]
    room = WIDTH - sum(width + GAP for width in widths)
    first = [fitted(row[0], room, tail=tail) for row in rows]
    wide = max(map(width_of, first))
    for name, row in zip(first, rows, strict=True):
        cells = (cell.rjust(width + GAP) for cell, width in zip(row[1:], widths, strict=True))
        yield name + " " * (wide - width_of(name)) + "".join(cells)
