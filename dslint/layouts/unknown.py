"""Whatever no other layout knows."""

from __future__ import annotations

from dslint.layouts import Layout, no_messages, root_pointer

LAYOUT = Layout("unknown", "unknown", lambda keys: True, no_messages, root_pointer, "sft")
