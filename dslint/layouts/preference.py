"""Preference pairs: `chosen` and `rejected`, `preferred_output` and `non_preferred_output`, `rejected_response`."""

from __future__ import annotations

from dslint.layouts import Layout, no_messages, root_pointer

LAYOUT = Layout(
    "preference",
    "preference pairs",
    lambda keys: (
        {"chosen", "rejected"} <= keys
        or {"input", "preferred_output"} <= keys
        or "rejected_response" in keys
        or "rejected_messages" in keys
    ),
    no_messages,
    root_pointer,
    "preference",
)
