"""Google's reinforcement items: `contents` that end with the user, and `references` for the reward beside them.

Under a finished conversation `references` are more likely what its answer was taken from.
https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/tuning/reinforcement-tuning/reinforcement-tuning-job/tuning-dataset
(checked 2026-11-21)
"""

from __future__ import annotations

from dslint.layouts import ANSWERED
from dslint.layouts.gemini import turns
from dslint.layouts.placed import layout


def _matches(keys: frozenset[str]) -> bool:
    return {"contents", "references"} <= keys and ANSWERED not in keys


LAYOUT = layout(
    "gemini-reinforcement", "Gemini reinforcement items", _matches, turns, "reinforcement", root="/contents"
)
