"""Write a chat JSONL corpus of any size from the real texts of a folder; same folder and seed, same bytes.

The `mix` is 60 % short classification, 29 % instructions, 8 % tool calls and 3 % long conversations;
`short` is classification only. One record in 200 is spoiled in one of eight ways.
"""

import argparse
import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

Json = dict[str, Any]
Turn = tuple[str, str]  # role and text; the text of a "call" is {"name": …, "arguments": …}
Pair = tuple[str, str]  # user text, answer

CLASSIFY = (
    "You are a customer-support classifier for an online bank. Read the customer's message and answer with "
    "exactly one intent label from the agreed list. Do not explain. If nothing fits, answer oos."
)
ASSIST = "You are a helpful assistant."
PERSONAS = (
    ASSIST,
    "You are Marv, a factual chatbot that is also sarcastic.",
    "You are a careful tutor. Think step by step, show your working, and end with the final answer.",
)
ROLES = {
    "user": "user", "human": "user", "assistant": "assistant", "gpt": "assistant", "system": "system",
    "function_call": "call", "tool": "tool", "function": "tool", "observation": "tool",
}  # fmt: skip
PAIR_KEYS = (("instruction", "output"), ("prompt", "completion"), ("prompt", "response"))
SPOILED_SHARE = 0.005
MAX_TURNS = 60


@dataclass
class Pool:
    """Real texts by shape."""

    labelled: list[Pair] = field(default_factory=list)
    instructions: list[Pair] = field(default_factory=list)
    dialogues: list[tuple[Turn, ...]] = field(default_factory=list)
    tool_dialogues: list[tuple[tuple[Turn, ...], str]] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)


def rows(path: Path) -> Iterator[Json]:
    """The objects of a JSON array file or of a JSONL file; what cannot be read is left out."""
    data = path.read_bytes()
    whole = parsed(data)
    values = whole if isinstance(whole, list) else map(parsed, data.split(b"\n"))
    return (value for value in values if isinstance(value, dict))


def parsed(line: bytes) -> object:
    with suppress(ValueError, RecursionError):
        return json.loads(line)
    return None


def turns(row: Json) -> tuple[Turn, ...]:
    """The turns of a row of any known layout without its system prompt; () if one is damaged or unknown."""
    messages = row.get("messages") or row.get("conversations")
    if isinstance(messages, list):
        found = [turn(m) if isinstance(m, dict) else ("", "") for m in messages]
    else:
        found = pair_turns(row)
    kept = tuple(t for t in found if t[0] != "system")
    order = "".join(role[:1] or "?" for role, _ in kept)
    sound = re.fullmatch(r"(?:u(?:ct)*a)+", order) and all(clean(text) for _, text in kept)
    return kept if sound else ()


def turn(message: Json) -> Turn:
    role = ROLES.get(str(message.get("role") or message.get("from")), "")
    text = message.get("content") or message.get("value")
    calls = message.get("tool_calls")
    if isinstance(calls, list) and len(calls) == 1 and isinstance(calls[0], dict):
        return "call", json.dumps(calls[0].get("function"), ensure_ascii=False)
    return role, text if isinstance(text, str) else ""


def pair_turns(row: Json) -> list[Turn]:
    for ask, answer in PAIR_KEYS:
        if isinstance(row.get(ask), str) and isinstance(row.get(answer), str):
            extra = row.get("input")
            question = f"{row[ask]}\n\n{extra}" if isinstance(extra, str) and extra else row[ask]
            return [("user", question), ("assistant", row[answer])]
    return []


def clean(text: str) -> bool:
    """Not blank and printable: the damage in a corpus comes from `spoil`, in a known share."""
    return bool(text.strip()) and text.replace("\n", "").isprintable()


def read_pool(folder: Path) -> Pool:
    pool = Pool()
    for path in sorted(p for p in folder.rglob("*.json*") if p.is_file()):
        pairs: list[Pair] = []
        for row in rows(path):
            spoken = turns(row)
            if any(role == "call" for role, _ in spoken):
                pool.tool_dialogues += with_tools(spoken, row.get("tools"))
            elif 2 < len(spoken) <= MAX_TURNS:
                pool.dialogues.append(spoken)
            elif len(spoken) == 2:
                pairs.append((spoken[0][1], spoken[1][1]))
        add_pairs(pool, pairs)
    return Pool(**{name: list(dict.fromkeys(texts)) for name, texts in vars(pool).items()})


def add_pairs(pool: Pool, pairs: list[Pair]) -> None:
    """Sort the exchanges of one file; a single answer is filler, few answers to many users are labels."""
    answers = len({answer for _, answer in pairs})
    labels = len(pairs) >= 20 * answers
    for user, answer in pairs if answers > 1 else ():
        for text in (user, answer):
            pool.paragraphs += [text[i : i + 1100].strip() for i in range(0, len(text) - 600, 1100)]
        if labels and len(user) <= 300:
            pool.labelled.append((user, answer))
        elif not labels and len((user + answer).encode()) >= 120 and len(user) + len(answer) <= 4000:
            pool.instructions.append((user, answer))


def with_tools(spoken: tuple[Turn, ...], tools: object) -> list[tuple[tuple[Turn, ...], str]]:
    """The dialogue with its tool definitions in the OpenAI form as JSON text; [] if either is malformed."""
    try:
        listed = json.loads(tools) if isinstance(tools, str) else tools
        functions = [tool.get("function", tool) for tool in listed]  # type: ignore[union-attr]  # caught below
        sound = all(function["name"] for function in functions)
        sound &= all(json.loads(text)["name"] for role, text in spoken if role == "call")
    except (ValueError, TypeError, KeyError, AttributeError):
        return []
    wrapped = [{"type": "function", "function": function} for function in functions]
    return [(spoken, json.dumps(wrapped, ensure_ascii=False))] if sound and wrapped else []


def said(role: str, content: str) -> Json:
    return {"role": role, "content": content}


def classification(pool: Pool, rng: Random) -> Json:
    text, label = rng.choice(pool.labelled)
    if rng.random() < 0.6:
        text += " " + rng.choice(pool.labelled)[0]
    if rng.random() < 0.5:
        text += f" (ref {rng.randrange(10**8)})"
    return {"messages": [said("system", CLASSIFY), said("user", text), said("assistant", label)]}


def instruction(pool: Pool, rng: Random) -> Json:
    question, answer = rng.choice(pool.instructions)
    longer = rng.random()
    if longer < 0.6:
        answer += "\n\n" + rng.choice(pool.paragraphs)
    if longer < 0.3:
        question += "\n\nContext: " + rng.choice(pool.paragraphs)
    system = [said("system", rng.choice(PERSONAS))] if rng.random() < 0.5 else []
    return {"messages": [*system, said("user", question), said("assistant", answer)]}


def tool_use(pool: Pool, rng: Random) -> Json:
    spoken, tools = rng.choice(pool.tool_dialogues)
    messages, call_id = [said("system", ASSIST)], ""
    for role, text in spoken:
        if role == "call":
            call_id = f"call_{rng.randrange(16**12):012x}"
            messages.append({"role": "assistant", "content": None, "tool_calls": [tool_call(call_id, text)]})
        elif role == "tool":
            messages.append({"role": "tool", "tool_call_id": call_id, "content": text})
        else:
            mark = f" [{rng.randrange(10**6)}]" if role == "user" else ""
            messages.append(said(role, text + mark))
    return {"messages": messages, "tools": json.loads(tools)}


def tool_call(call_id: str, text: str) -> Json:
    called = json.loads(text)
    arguments = called.get("arguments", {})
    written = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
    return {"id": call_id, "type": "function", "function": {"name": called["name"], "arguments": written}}


def conversation(pool: Pool, rng: Random) -> Json:
    messages, size, target = [said("system", ASSIST)], 0, rng.randrange(7_000, 18_000)
    while size < target:
        if rng.random() < 0.25:
            new = [said(role, text[:4000]) for role, text in rng.choice(pool.dialogues)]
        else:
            question, answer = rng.choice(pool.instructions)
            answer += "\n\n" + rng.choice(pool.paragraphs)
            new = [said("user", question), said("assistant", answer)]
        messages += new
        size += sum(len(message["content"]) for message in new)
    return {"messages": messages}


def spoil(record: Json, rng: Random) -> None:
    messages = record["messages"]
    last, kind = messages[-1], rng.randrange(8)
    if kind < 2:
        last["content"] = ("", "   ")[kind]
    elif kind == 2:
        messages.pop()
    elif kind == 3:
        messages[0]["role"] = "sytem"
    elif kind == 4:
        last["content"] += " contact jane.doe@example.com"
    elif kind == 5:
        last["content"] += "\u200b\u0007"
    elif kind == 6:
        messages.insert(1, dict(messages[1]))
    else:
        last["text"] = "oops"


def records(pool: Pool, rng: Random, count: int, kind: str) -> Iterator[Json]:
    makers = (classification, instruction, tool_use, conversation)
    weights = (60, 29, 8, 3) if kind == "mix" else (1, 0, 0, 0)
    for _ in range(count):
        record = rng.choices(makers, weights)[0](pool, rng)
        if rng.random() < SPOILED_SHARE:
            spoil(record, rng)
        yield record


def write(path: Path, made: Iterator[Json]) -> tuple[int, int]:
    """Bytes and messages written; through a temporary file, so that a half-made corpus is never reused."""
    encode, messages = json.JSONEncoder(ensure_ascii=False).encode, 0
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8", newline="\n", buffering=1 << 20) as out:
        for record in made:
            messages += len(record["messages"])
            out.write(encode(record) + "\n")
    os.replace(part, path)
    return path.stat().st_size, messages


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with chat, Alpaca, ShareGPT … files")
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--kind", choices=("short", "mix"), default="mix")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", dest="out", type=Path, required=True, help="file to write")
    args = parser.parse_args()
    pool = read_pool(args.data)
    needed = ["labelled"] if args.kind == "short" else list(vars(pool))
    for missing in (name for name in needed if not getattr(pool, name)):
        raise SystemExit(f"corpus: no texts for {missing!r} under {args.data}")
    size, messages = write(args.out, records(pool, Random(args.seed), args.rows, args.kind))
    print("pool:", ", ".join(f"{len(texts)} {name.replace('_', ' ')}" for name, texts in vars(pool).items()))
    means = f"{size / args.rows:.0f} bytes and {messages / args.rows:.2f} messages per record"
    print(f"{args.out}: {size / 1e6:.1f} MB, {means}")


if __name__ == "__main__":
    main()
