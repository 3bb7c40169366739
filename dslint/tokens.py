"""Exact token counts, without a download: tiktoken with rank files that come with the package.

toktok-rs, an extra, counts the same several times faster; a test holds the two equal.
"""

from __future__ import annotations

import gzip
import json
import zlib
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tiktoken import Encoding

    from dslint.records import Message, Record

DATA = Path(__file__).with_name("data")

Counter = Callable[[Sequence[str]], list[int]]


class TokenError(Exception):
    """An unknown encoding or a damaged rank file; the message is one line."""


@cache
def encodings() -> Mapping[str, Any]:
    """What is known of each encoding: source, sha256, pattern, special_tokens."""
    known: dict[str, Any] = json.loads((DATA / "encodings.json").read_text("utf-8"))
    return known


def _ranks(path: Path, sha256: str) -> dict[bytes, int]:
    import hashlib  # not needed to start

    try:
        body = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise TokenError(f"{path.name}: {error}") from None
    if hashlib.sha256(body).hexdigest() != sha256:
        raise TokenError(f"{path.name} is not the file that tiktoken expects; install dslint again")
    try:
        pairs = (line.split() for line in body.splitlines())
        return {b64decode(token): int(rank) for token, rank in pairs}
    except (ValueError, Base64Error) as error:
        raise TokenError(f"{path.name}: {error}") from None


@cache
def encoding(name: str) -> Encoding:
    """The tiktoken encoding of that name. Raises TokenError; takes 0.3 to 0.5 CPU seconds the first time."""
    if name not in encodings():
        raise TokenError(f"unknown encoding {name!r} (there are {', '.join(sorted(encodings()))})")
    import tiktoken

    known = encodings()[name]
    return tiktoken.Encoding(
        name,
        pat_str=known["pattern"],
        mergeable_ranks=_ranks(DATA / f"{name}.tiktoken.gz", known["sha256"]),
        special_tokens=known["special_tokens"],
    )


def _plain(text: str) -> str:
    """Lone surrogates cannot be encoded; tiktoken and we count U+FFFD instead."""
    return text.encode("utf-8", "replace").decode() if not text.isascii() else text


def count_with_tiktoken(name: str, texts: Sequence[str]) -> list[int]:
    """Tokens of each text; the text of a special token counts as ordinary text, as it does in a dataset."""
    encode = encoding(name).encode_ordinary
    return [len(encode(_plain(text))) for text in texts]


def count_with_toktok(name: str, texts: Sequence[str]) -> list[int]:
    """The same counts by toktok-rs. Raises ImportError where it is not installed."""
    import toktok

    counts: list[int] = toktok.batch_count([_plain(text) for text in texts], name, 1)
    return counts


@cache
def counter(name: str) -> Counter:
    """A function from texts to their exact token counts, the fastest one installed. Raises TokenError."""
    if name not in encodings():
        encoding(name)
    return partial(count_with_toktok if find_spec("toktok") else count_with_tiktoken, name)


def upper_bound(text: str) -> int:
    """Never fewer than the text's tokens: every token of a byte-level encoding is at least one byte of UTF-8."""
    return len(text.encode("utf-8", "replace"))


def may_be_long(line_bytes: int, *, limit: int | None = None) -> bool:
    """Whether a line of so many bytes may hold more than `limit` tokens.

    A message's frame is shorter in tokens than its JSON is in bytes, and no text has more tokens than bytes.
    """
    return limit is not None and line_bytes > limit


def message_texts(message: Message) -> list[str]:
    """What of a turn is tokenised: role, text, name, tool calls."""
    name = message.data.get("name")
    calls = [json.dumps(call, ensure_ascii=False) for call in message.tool_calls]
    return [message.role, message.text, *([name] if isinstance(name, str) else []), *calls]


def turn_tokens(messages: Iterable[Message], name: str, *, per_message: int) -> list[int]:
    """Tokens of each turn with its frame."""
    count = counter(name)
    named = [(message, isinstance(message.data.get("name"), str)) for message in messages]
    return [per_message + has_name + sum(count(message_texts(message))) for message, has_name in named]


def record_tokens(record: Record, name: str, *, per_message: int, reply: int) -> tuple[list[int], int]:
    """(tokens of each message, tokens of tool definitions and reply priming) of one example.

    Text is exact. The frame of a message (3 tokens, the role, 1 for a name) and of a reply (3) is the rule
    OpenAI published for its chat models; tool definitions and calls are counted as JSON, an estimate.
    """
    tokens = turn_tokens(record.messages, name, per_message=per_message)
    tools = counter(name)([json.dumps(record.tools, ensure_ascii=False)])[0] if record.tools else 0
    return tokens, tools + reply
