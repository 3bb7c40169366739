"""Gemini: `{"contents": [{"role": "user" or "model", "parts": […]}]}`."""

from __future__ import annotations

from dslint.layouts import Layout, no_messages, root_pointer

LAYOUT = Layout("contents", "Gemini contents", lambda keys: "contents" in keys, no_messages, root_pointer, "sft")
