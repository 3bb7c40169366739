"""One search for near-duplicates as a process of its own: `python near_run.py ENGINE THRESHOLD TEXTS PAIRS`.

Reads one text a line, writes one pair of rows a line. The threshold is a likeness (0 to 100) for dslint and a
Jaccard likeness (0 to 1) for the others, which get the same normalised character 4-grams and 128 permutations.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path

Pairs = Iterable[tuple[int, int]]

PERMUTATIONS = 128


def dslint(texts: list[str], threshold: float) -> Pairs:
    from dslint.similarity import join

    return ((pair.a, pair.b) for pair in join(texts, threshold=threshold).pairs)


def dslint_exact(texts: list[str], threshold: float) -> Pairs:
    from dslint.similarity import join

    return ((pair.a, pair.b) for pair in join(texts, threshold=threshold, exact=True).pairs)


def grams(text: str) -> set[str]:
    plain = " ".join(re.sub(r"[^\w\s]+", " ", text.lower()).split())
    return {plain[at : at + 4] for at in range(max(1, len(plain) - 3))}


def rensa(texts: list[str], threshold: float) -> Pairs:
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=threshold, num_perm=PERMUTATIONS, num_bands=16 if threshold > 0.6 else 32)
    for row, text in enumerate(texts):
        sketch = RMinHash(num_perm=PERMUTATIONS, seed=1)
        sketch.update(list(grams(text)))
        yield from ((other, row) for other in index.query(sketch))
        index.insert(row, sketch)


def datasketch(texts: list[str], threshold: float) -> Pairs:
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
    for row, text in enumerate(texts):
        sketch = MinHash(num_perm=PERMUTATIONS, seed=1)
        sketch.update_batch([gram.encode() for gram in grams(text)])
        yield from ((other, row) for other in index.query(sketch))
        index.insert(row, sketch)


ENGINES = {"dslint": dslint, "dslint-exact": dslint_exact, "rensa": rensa, "datasketch": datasketch}


def clustered(clusters: Iterable[int]) -> Iterator[tuple[int, int]]:
    """All pairs inside clusters, for tools that name only the cluster of a row."""
    members: dict[int, list[int]] = defaultdict(list)
    for row, cluster in enumerate(clusters):
        members[cluster].append(row)
    for rows in members.values():
        yield from combinations(rows, 2)


def main(engine: str, threshold: str, texts: str, pairs: str) -> None:
    found = ENGINES[engine](Path(texts).read_text(encoding="utf-8").split("\n")[:-1], float(threshold))
    with open(pairs, "w", encoding="ascii") as out:
        out.writelines(f"{a}\t{b}\n" for a, b in found)


if __name__ == "__main__":
    main(*sys.argv[1:])
