"""Unpaired preferences (KTO): a completion and whether it was wanted."""

from __future__ import annotations

from dslint.layouts import Layout, no_messages, root_pointer

LAYOUT = Layout(
    "kto",
    "KTO",
    lambda keys: "kto_tag" in keys or {"prompt", "completion", "label"} <= keys,
    no_messages,
    root_pointer,
    "preference",
)
