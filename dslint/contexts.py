"""What goes before a question: system prompt, history, tools and images, as a digest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from dslint.nfkc import fold
from dslint.records import Record, canonical, digest, role_of, text_of, tool_calls_of
from dslint.shapes import MEDIA_KEYS, TOOL_KEYS, canonical_role

Turn = Mapping[str, Any]  # of a conversation, as it stands
# Keys beside the turns that an answer may depend on, in one layout or another.
BESIDE = (*TOOL_KEYS, *MEDIA_KEYS, "history", "documents", "context")
BARE = b""  # the context of a question that has none
REPEATED_CHARS = 20_000  # a longer text is no system prompt that stands in record after record


def calls_of(turn: Turn) -> str:
    """The tool calls of a turn without their ids, which differ from run to run."""
    calls: list[Any] = [
        call.get("function", call) if isinstance(call, dict) else call for call in tool_calls_of(turn)
    ]
    return canonical(calls).decode() if calls else ""


def context_of(said: Iterable[bytes], first: Turn, record: Record) -> bytes:
    """A digest of what is said before a question, 16 bytes of each turn, so that no two contexts meet."""
    beside = beside_turns(first, record) if len(record.data) > 1 else b""
    return context(b"".join(said) + beside)


def context(before: bytes) -> bytes:
    """The digest of all that goes before a question."""
    return digest(before) if before else BARE


def with_media(context: bytes, media: list[Any]) -> bytes:
    """The context of a question that is asked of images."""
    return digest(context + digest(media)) if media else context


def beside_turns(first: Turn, record: Record) -> bytes:
    """What may change the answer and stands beside the turns, whose first is given; empty where nothing does."""
    data = record.data
    beside: dict[str, Any] = {key: data[key] for key in BESIDE if data.get(key)}
    if record.tools_at.startswith("/input/"):
        beside["tools"] = record.tools
    if data.get("system") and role_of(first) != "system":
        beside["system"] = data["system"]
    return canonical(beside) if beside else b""


def said_in(turn: Turn) -> bytes:
    """16 bytes for what is said, called and shown in a turn."""
    role = turn.get("role")
    said = _said(role if type(role) is str else "", text_of(turn))
    calls, media = calls_of(turn), media_of(turn)
    return digest(said + canonical([calls, media])) if calls or media else said


def _said(role: str, text: str) -> bytes:
    remembered = _repeated if len(text) <= REPEATED_CHARS else _repeated.__wrapped__
    return remembered(role, text)


@lru_cache(maxsize=256)
def _repeated(role: str, text: str) -> bytes:
    return digest(f"{canonical_role(role)}\0{fold(text)}".encode("utf-8", "replace"))


def media_of(turn: Turn) -> list[Any]:
    content = turn.get("content")
    parts = content if isinstance(content, list) else []
    shown = [part for part in parts if isinstance(part, dict) and part.get("type") != "text"]
    return shown + [turn[key] for key in MEDIA_KEYS if turn.get(key)]


def within(record: Record, roles: tuple[str, ...], texts: tuple[str, ...]) -> bytes:
    """The context of a question before which nothing but texts stand."""
    remembered = _of_texts if len(record.raw) <= REPEATED_CHARS else _of_texts.__wrapped__
    return remembered(roles, texts)


@lru_cache(maxsize=256)  # most records of a set have one system prompt before their question
def _of_texts(roles: tuple[str, ...], texts: tuple[str, ...]) -> bytes:
    return context(b"".join(map(_said, roles, texts)))
