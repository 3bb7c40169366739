"""How much better another label fits a text than its own, told by the texts that have the label.

Every label has a centroid, the sum of the TF-IDF vectors of its texts (words and pairs of words, and 2 to 4
letters); a text is compared with the centroid of its own label without itself, so that nothing is judged by itself.
scikit-learn, an extra, makes the vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple


class Doubt(NamedTuple):
    """A text whose label another fits better: its row, that label, and by how much, as a difference of cosines."""

    row: int
    better: str
    margin: float


def doubts(texts: Sequence[str], labels: Sequence[str]) -> list[Doubt]:
    """The rows that another label fits better, the clearest first. Raises ImportError without scikit-learn.

    A label that stands once has no other text to be judged by, so it is not in doubt.
    """
    import numpy as np

    names = sorted(set(labels))
    if len(names) < 2:
        return []
    number = {name: place for place, name in enumerate(names)}
    own = np.array([number[label] for label in labels])
    likeness = _likeness(_vectors(texts), own, len(names))
    rows = np.arange(len(own))
    mine = likeness[rows, own].copy()
    likeness[rows, own] = -1
    best = likeness.argmax(axis=1)
    margins = likeness[rows, best] - mine
    judged = (margins > 0) & (np.bincount(own)[own] > 1)
    found = [Doubt(row, names[best[row]], round(float(margins[row]), 4)) for row in np.flatnonzero(judged).tolist()]
    return sorted(found, key=lambda doubt: (-doubt.margin, doubt.row))


def _vectors(texts: Sequence[str]) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_union

    by_word = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"(?u)\w+")
    by_letter = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True)
    return make_union(by_word, by_letter).fit_transform(texts).tocsr()


def _likeness(vectors: Any, own: Any, count: int) -> Any:
    """Cosines (texts, labels) of every text with every centroid, with its own as it is without the text."""
    import numpy as np

    rows = np.arange(len(own))
    chosen = np.zeros((len(own), count))
    chosen[rows, own] = 1
    centroids = (vectors.T @ chosen).T
    squares = np.asarray(vectors.multiply(vectors).sum(axis=1)).ravel()
    lengths = np.sqrt((centroids**2).sum(axis=1))
    dots = vectors @ centroids.T
    likeness = dots / np.maximum(lengths, 1e-9) / np.sqrt(np.maximum(squares, 1e-9))[:, None]
    mine = dots[rows, own]
    rest = np.sqrt(np.maximum(lengths[own] ** 2 - 2 * mine + squares, 1e-9))
    likeness[rows, own] = (mine - squares) / rest / np.sqrt(np.maximum(squares, 1e-9))
    return likeness
