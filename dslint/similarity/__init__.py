"""Near-duplicate texts: find the pairs, tell which ask for the same thing, put them in clusters."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dslint.similarity.auditing import Audit, audit, audit_at
    from dslint.similarity.clusters import components, stars
    from dslint.similarity.difference import Difference, difference_of, guard, rarity
    from dslint.similarity.near import Join, Pair, join
    from dslint.similarity.normal_form import normalise

# Imported when they are asked for: only the join needs numpy.
_HOMES = {
    "Audit": "auditing",
    "Difference": "difference",
    "Join": "near",
    "Pair": "near",
    "audit": "auditing",
    "audit_at": "auditing",
    "components": "clusters",
    "difference_of": "difference",
    "guard": "difference",
    "join": "near",
    "normalise": "normal_form",
    "rarity": "difference",
    "stars": "clusters",
}

__all__ = [
    "Audit",
    "Difference",
    "Join",
    "Pair",
    "audit",
    "audit_at",
    "components",
    "difference_of",
    "guard",
    "join",
    "normalise",
    "rarity",
    "stars",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return found
