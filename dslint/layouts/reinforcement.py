"""Reinforcement items: a chat prompt that ends with the user, and fields for the grader beside it."""

from __future__ import annotations

from dslint.layouts import Layout, chat

# The names graders and rollout frameworks give to the reference; `messages` alone never makes an item.
REFERENCES = frozenset(
    (
        "answer",
        "expected",
        "expected_answer",
        "expected_output",
        "gold",
        "ground_truth",
        "reference",
        "reference_answer",
        "references",
        "reward_model",
        "rubric",
        "solution",
        "target",
    )
)

LAYOUT = Layout(
    "reinforcement",
    "reinforcement items",
    lambda keys: "messages" in keys and not REFERENCES.isdisjoint(keys),
    chat.messages,
    chat.pointer,
    "reinforcement",
)
