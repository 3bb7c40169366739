"""Reinforcement items: a chat prompt that ends with the user, and fields for the grader beside it."""

from __future__ import annotations

from collections.abc import Set

from dslint.layouts import ANSWERED, Layout, chat

# Keys that only graders and rollout frameworks read.
GRADED = frozenset(("reference_answer", "references", "reward_model", "rubric"))

# Names that the reference has too, and that stand beside finished conversations as well: `messages` and one of
# these make an item only where the answer is still to be given.
REFERENCES = frozenset(
    (
        "answer",
        "expected",
        "expected_answer",
        "expected_output",
        "gold",
        "ground_truth",
        "reference",
        "solution",
        "target",
    )
)


def _matches(keys: Set[str]) -> bool:
    graded, named = (not names.isdisjoint(keys) for names in (GRADED, REFERENCES))
    return "messages" in keys and (graded or (named and ANSWERED not in keys))


LAYOUT = Layout("reinforcement", "reinforcement items", _matches, chat.messages, chat.pointers, "reinforcement")
