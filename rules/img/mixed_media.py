from collections.abc import Iterator

from dslint import Finding, rule
from dslint.dataset import Tally
from dslint.shapes import Shape

# Kinds of parts, and of keys beside the turns, by what they show.
SHOWN = {
    "image_url": "image",
    "image": "image",
    "images": "image",
    "video": "video",
    "video_url": "video",
    "videos": "video",
    "file": "document",
}


def by_medium(shape: Shape) -> Iterator[str]:
    """The kinds of media the example shows."""
    parts = {part.rstrip("!") for turn in shape.turns for part in turn.parts}
    yield from sorted({SHOWN[name] for name in (*parts, *shape.keys) if name in SHOWN})


@rule("IMG113", severity="error", help="keep one kind of media in a file", count_by=by_medium, preview=True)
def mixed_media(tally: Tally) -> Iterator[Finding]:
    """Images and videos or documents in one file."""
    common = max(tally.counts, key=lambda kind: (tally.counts[kind][0], kind), default="")
    for kind in sorted(tally.counts):
        if kind != common:
            article = "an" if kind == "image" else "a"
            yield tally.finding(f"example shows {article} {kind}, others of the file {common}s", key=kind)
