"""The shape of a conversation: its roles and kinds of content, without the text.

A data set of a million records has a few dozen shapes, so rules about turns look at each shape once and their
answer is replayed for every record that has it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from dslint.findings import Finding, Where, escaped

# (role, content, calls, weight, parts, object, keys, blank) as in Turn; of a turn that is just text, its role.
TurnKey = str | tuple[str | None, str, bool, str, tuple[str, ...], bool, tuple[str, ...], bool]

ROLES = frozenset(("system", "developer", "user", "assistant", "tool", "function"))
# Other names for roles, in lower case: ShareGPT's, Gemini's, and what people write.
ALIASES = {role: role for role in ROLES} | {
    "human": "user",
    "customer": "user",
    "client": "user",
    "gpt": "assistant",
    "chatgpt": "assistant",
    "bot": "assistant",
    "chatbot": "assistant",
    "ai": "assistant",
    "agent": "assistant",
    "model": "assistant",
    "assistent": "assistant",
    "sytem": "system",
}
TOOL_KEYS = ("tools", "functions", "available_tools", "toolConfig")
MEDIA_KEYS = ("images", "image", "videos", "video", "audios", "audio")
CONTENT_KINDS = ("text", "blank", "empty", "null", "missing", "parts", "number", "boolean", "object")


# Content parts of OpenAI's API, each with the key that holds what it is for.
PARTS = {
    "text": "text",
    "image_url": "image_url",
    "input_audio": "input_audio",
    "file": "file",
    "refusal": "refusal",
}


PLAIN_KEYS = ("content", "role")
MEDIA = frozenset(("image_url", "image", "input_audio", "audio", "video", "video_url", "file"))


class Turn(NamedTuple):
    """What a shape keeps of a turn.

    `place` counts from 0. `role` is None when missing, the JSON type in angle brackets when it is no string, and
    what an alias stands for; `written` is the role as it stands in the record.
    `content` is one of CONTENT_KINDS; `parts` has the types of content parts, with "!" where the part lacks what
    its type needs, in angle brackets where it has none. `calls` says whether the turn calls tools or refuses,
    `weight` is its weight as JSON text, "" when there is none; `object` is False when the turn is no JSON object;
    `keys` are its keys in OpenAI's terms, sorted; `blank` says that there are parts, all of them text without any.
    """

    place: int
    role: str | None
    content: str = "text"
    calls: bool = False
    weight: str = ""
    parts: tuple[str, ...] = ()
    object: bool = True
    keys: tuple[str, ...] = PLAIN_KEYS
    blank: bool = False
    written: str | None = None

    @property
    def trained(self) -> bool:
        """Whether a loss is computed on this turn."""
        return self.role == "assistant" and self.weight not in ("0", "0.0")

    @property
    def silence(self) -> str:
        """How the turn has content that says nothing, empty or blank; "" where it says something or calls tools."""
        if self.content == "parts":
            state = "blank" if self.blank else "" if self.parts else "empty"
        else:
            state = self.content if self.content in ("blank", "empty") else ""
        return "" if self.calls else state


class Shape(NamedTuple):
    """The turns of a conversation, what the record trains, its top-level keys (sorted), its layout's name."""

    turns: tuple[Turn, ...]
    trains: str
    keys: tuple[str, ...] = ()
    layout: str = ""

    @property
    def roles(self) -> tuple[str | None, ...]:
        """The roles in order."""
        return tuple(turn.role for turn in self.turns)

    @property
    def sound(self) -> bool:
        """Whether there are turns and each has a known role; if not, order says nothing."""
        return bool(self.turns) and all(turn.role in ROLES for turn in self.turns)

    @property
    def uses_tools(self) -> bool:
        """Whether the record defines, calls or answers tools."""
        defined = any(key in TOOL_KEYS for key in self.keys) or "input" in self.keys
        return defined or any(turn.calls or turn.role in ("tool", "function") for turn in self.turns)

    def finding(
        self, message: str, turn: Turn | None = None, *, key: str = "", at: str = "", severity: str = ""
    ) -> Finding:
        """A finding about a turn, about a top-level key (`at`), or about the conversation.

        The engine fills in file, line and the real pointer.
        """
        place = f"/{turn.place}/{key}" if turn is not None else f"@{escaped(at)}" if at else ""
        return Finding(Where("", 0, place), message, severity=severity)


def kind_of(value: Any) -> str:
    """The JSON type of a value."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if value is None:
        return "null"
    return "text" if isinstance(value, str) else "parts" if isinstance(value, list) else "object"


def _content_kind(message: dict[str, Any]) -> str:
    if "content" not in message:
        return "missing"
    content = message["content"]
    kind = kind_of(content)
    if kind == "text" and (not content or content.isspace()):
        return "blank" if content else "empty"
    return kind


def _part_type(part: Any) -> str:
    if not isinstance(part, dict):
        return f"<{kind_of(part)}>"
    kind = part.get("type")
    if not isinstance(kind, str):
        return "<untyped>"
    value = part.get(PARTS.get(kind, "type"), part.get("value"))  # LLaMA-Factory calls every part's content value
    return f"{kind}!" if value is None or (kind == "text" and not isinstance(value, str)) else kind


def turn_key(message: Any) -> TurnKey:
    """What of a turn its shape depends on, without its place; a plain role means text and nothing else."""
    if not isinstance(message, dict):
        return (None, kind_of(message), False, "", (), False, (), False)
    role = message.get("role")
    name = role if isinstance(role, str) or "role" not in message else f"<{kind_of(role)}>"
    content = _content_kind(message)
    calls = bool(message.get("tool_calls") or message.get("function_call") or message.get("refusal"))
    parts = message["content"] if content == "parts" else ()
    weight = "" if "weight" not in message else _weight(message["weight"])
    keys = tuple(sorted(message))
    if content == "text" and isinstance(name, str) and keys == PLAIN_KEYS:
        return name
    types = tuple(_part_type(part) for part in parts)
    blank = set(types) == {"text"} and not any(part.get("text", part.get("value")).strip() for part in parts)
    return (name, content, calls, weight, types, True, keys, blank)


def _weight(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value}"[:20] if isinstance(value, (int, float)) else f"<{kind_of(value)}>"


def canonical_role(role: str) -> str:
    """The role of OpenAI's format that an alias stands for; any other role as it is."""
    return role if role in ROLES else ALIASES.get(role.strip().lower(), role)


def _turn(place: int, key: Any) -> Turn:
    role = key[0]
    plain = canonical_role(role) if role is not None else None
    return Turn(place, plain, *key[1:])._replace(written=role)


def shape_of(turn_keys: tuple[TurnKey, ...], trains: str, keys: Iterable[str] = (), layout: str = "") -> Shape:
    """The shape that `turn_key` of every turn, and the record's own keys, spell."""
    turns = tuple(_turn(index, (key,) if isinstance(key, str) else key) for index, key in enumerate(turn_keys))
    return Shape(turns, trains, tuple(sorted(keys)), layout)
