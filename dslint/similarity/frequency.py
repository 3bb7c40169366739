"""In how many of very many texts each word occurs, counted by polars."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from dslint.similarity.lexicon import UNSPACED
from dslint.similarity.rows import SEPARATOR, normalise_rows

CHUNK = 50_000  # texts; their words are held in memory one by one


def count_words(texts: Iterable[str], *, above: int) -> dict[str, int]:
    """The words that occur in more than `above` texts, each with their number; contractions are one word."""
    import polars as pl

    counts = []
    waiting = iter(texts)
    while chunk := list(islice(waiting, CHUNK)):
        rows = normalise_rows(chunk).buffer[:].strip(SEPARATOR).split(SEPARATOR)
        text = pl.Series("word", rows, dtype=pl.Binary).cast(pl.String)
        words = text.str.replace_all(UNSPACED, " $1 ").str.split(" ").list.unique().explode()
        counts.append(words.to_frame().group_by("word").len("texts"))
    known = pl.concat(counts).group_by("word").agg(pl.col("texts").sum()).filter(pl.col("texts") > above)
    return {word: count for word, count in known.iter_rows() if word}
