"""One layout written as another: what is kept is kept exactly, what has no place there is counted as lost."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dslint.records import Record

# Keys that say how to train or who speaks; a layout that has no place for one of them loses it.
SHAREGPT_NAMES = {"user": "human", "assistant": "gpt", "tool": "observation", "developer": "system"}
GEMINI_NAMES = {"assistant": "model"}

Turn = dict[str, Any]


class NoPlace(Exception):
    """A record that the wanted layout cannot say at all; the message is one line."""


@dataclass
class Conversation:
    """A record in OpenAI terms: turns, the rejected answer of a pair, tools, and what was lost so far by name."""

    turns: list[Turn]
    rejected: list[Turn] = field(default_factory=list)
    tools: list[Any] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)

    def text(self, turn: Turn) -> str:
        """The text of a turn; parts that are no text are lost."""
        content = turn.get("content")
        for part in content if isinstance(content, list) else []:
            if isinstance(part, dict) and part.get("type") != "text":
                self.lost[f"{part.get('type', 'unknown')} parts"] += 1
        return plain_text(content)

    def keep_only(self, turn: Turn, *kept: str) -> None:
        """Count the keys of a turn that will not be written."""
        for key in turn.keys() - {"role", "content", *kept}:
            if turn[key] not in (None, [], ""):
                self.lost[f"message key {key}"] += 1

    def lose_tools(self) -> None:
        """Count tool definitions as lost."""
        if self.tools:
            self.lost["tools"] += 1


def plain_text(content: Any) -> str:
    """Content as text: text parts joined by line feeds, nothing for null."""
    if isinstance(content, list):
        parts = (part.get("text", "") if isinstance(part, dict) else part for part in content)
        return "\n".join(part for part in parts if isinstance(part, str) and part)
    return content if isinstance(content, str) else "" if content is None else json.dumps(content)


def conversation(record: Record) -> Conversation:
    """What a record says. Raises NoPlace when it holds no conversation."""
    turns = [_with_calls(dict(message.data)) for message in record.messages]
    if not turns:
        raise NoPlace("the record holds no conversation")
    found = Conversation(turns, [dict(message.data) for message in record.beside], list(record.tools))
    for key in sorted(record.data.keys() - _keys_read(record)):
        found.lost[f"key {key}"] += 1
    return found


def _keys_read(record: Record) -> set[str]:
    """Top-level keys that the turns and tools come from."""
    turns = [*record.messages, *record.beside]
    pointers = [record.pointer(turn.index, "content") for turn in turns]
    roots = {pointer.split("/")[1] for pointer in [*pointers, record.tools_at] if pointer}
    both = {"input"} if "instruction" in roots and not isinstance(record.data.get("input"), dict) else set()
    return roots | both | {"schemaVersion"}


def _with_calls(turn: Turn) -> Turn:
    """A legacy function call as a tool call."""
    legacy = turn.pop("function_call", None)
    if isinstance(legacy, dict) and not turn.get("tool_calls"):
        turn["tool_calls"] = [{"id": "call_1", "type": "function", "function": legacy}]
    return turn


def chat(found: Conversation) -> Mapping[str, Any]:
    """OpenAI chat, with every key a message has."""
    if found.rejected:
        found.lost["rejected answer"] += 1
    return {"messages": found.turns, **({"tools": found.tools} if found.tools else {})}


def sharegpt(found: Conversation) -> Mapping[str, Any]:
    """ShareGPT with LLaMA-Factory's tool turns; `tools` as the JSON text it expects."""
    turns: list[dict[str, Any]] = []
    system = ""
    for turn in found.turns:
        found.keep_only(turn, "tool_calls", "tool_call_id")
        role = SHAREGPT_NAMES.get(turn.get("role", ""), turn.get("role"))
        if role == "system" and not turns and not system:
            system = found.text(turn)
            continue
        if turn.get("tool_calls"):
            if found.text(turn):
                turns.append({"from": "gpt", "value": found.text(turn)})
            calls = [call.get("function", call) for call in turn["tool_calls"] if isinstance(call, dict)]
            value = json.dumps(calls[0] if len(calls) == 1 else calls, ensure_ascii=False)
            turns.append({"from": "function_call", "value": value})
        else:
            turns.append({"from": role or "", "value": found.text(turn)})
    tools = {"tools": json.dumps(found.tools, ensure_ascii=False)} if found.tools else {}
    return {"conversations": turns, **({"system": system} if system else {}), **tools}


def _answered(found: Conversation) -> tuple[str, list[Turn], Turn]:
    """(system prompt, turns between it and the answer, the answer), for layouts that end with one answer."""
    for turn in found.turns:
        found.keep_only(turn)
    *before, answer = found.turns
    if answer.get("role") != "assistant":
        raise NoPlace("the last turn is no answer")
    system = ""
    if before and before[0].get("role") in ("system", "developer"):
        system = found.text(before[0])
        before = before[1:]
    if not before:
        raise NoPlace("there is no question")
    return system, before, answer


def alpaca(found: Conversation) -> Mapping[str, Any]:
    """Alpaca with LLaMA-Factory's `system` and `history`."""
    found.lose_tools()
    system, before, answer = _answered(found)
    *earlier, asked = before
    if [turn.get("role") for turn in before] != ["user", "assistant"] * (len(earlier) // 2) + ["user"]:
        raise NoPlace("the turns do not alternate between user and assistant")
    pairs = [[found.text(earlier[at]), found.text(earlier[at + 1])] for at in range(0, len(earlier), 2)]
    written = {"instruction": found.text(asked), "input": "", "output": found.text(answer)}
    return written | ({"system": system} if system else {}) | ({"history": pairs} if pairs else {})


def prompt_completion(found: Conversation) -> Mapping[str, Any]:
    """TRL's prompt and completion: plain text for one question without a system prompt, else messages."""
    found.lose_tools()
    system, before, answer = _answered(found)
    if not system and len(before) == 1:
        return {"prompt": found.text(before[0]), "completion": found.text(answer)}
    turns = [{"role": turn.get("role"), "content": found.text(turn)} for turn in found.turns]
    return {"prompt": turns[:-1], "completion": turns[-1:]}


def _system_apart(found: Conversation) -> tuple[list[Any], list[tuple[Any, Any]]]:
    """The system prompts, and (role, text) of every other turn, each text as the object that both layouts have."""
    found.lose_tools()
    system, turns = [], []
    for turn in found.turns:
        found.keep_only(turn)
        text, role = {"text": found.text(turn)}, turn.get("role")
        if role in ("system", "developer"):
            system.append(text)
        else:
            turns.append((role, text))
    return system, turns


def gemini(found: Conversation) -> Mapping[str, Any]:
    """Google's contents."""
    system, turns = _system_apart(found)
    contents = [{"role": GEMINI_NAMES.get(role or "", role), "parts": [text]} for role, text in turns]
    return ({"systemInstruction": {"parts": system}} if system else {}) | {"contents": contents}


def bedrock(found: Conversation) -> Mapping[str, Any]:
    """Amazon Bedrock's conversation schema."""
    system, turns = _system_apart(found)
    messages = [{"role": role, "content": [text]} for role, text in turns]
    head = {"schemaVersion": "bedrock-conversation-2024"}
    return head | ({"system": system} if system else {}) | {"messages": messages}


def preference(found: Conversation) -> Mapping[str, Any]:
    """OpenAI's preference pairs."""
    if not found.rejected:
        raise NoPlace("there is no rejected answer")
    *before, preferred = found.turns
    given = {"messages": before} | ({"tools": found.tools} if found.tools else {})
    return {"input": given, "preferred_output": [preferred], "non_preferred_output": [found.rejected[-1]]}


WRITERS: Mapping[str, Callable[[Conversation], Mapping[str, Any]]] = {
    "alpaca": alpaca,
    "bedrock": bedrock,
    "chat": chat,
    "gemini": gemini,
    "preference": preference,
    "prompt-completion": prompt_completion,
    "sharegpt": sharegpt,
}


def converted(record: Record, layout: str) -> tuple[bytes, Counter[str]]:
    """(the record as a line of the wanted layout, what was lost by name). Raises NoPlace, KeyError."""
    found = conversation(record)
    written = WRITERS[layout](found)
    return json.dumps(written, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n", found.lost
