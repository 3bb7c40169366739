"""One message of a conversation: a line that should have been part of a `messages` list."""

from __future__ import annotations

from dslint.layouts import Layout, no_messages, root_pointer

LAYOUT = Layout(
    "message",
    "one message per line",
    lambda keys: {"role", "content"} <= keys,
    no_messages,
    root_pointer,
    "sft",
)
