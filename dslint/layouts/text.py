"""Plain text for continued pretraining: `{"text": …}`."""

from __future__ import annotations

from dslint.layouts import Layout, no_messages, root_pointer

LAYOUT = Layout("text", "plain text", lambda keys: "text" in keys, no_messages, root_pointer, "text")
