"""Preference pairs: a prompt, the answer to prefer and the one to reject, in the ways people write them.

OpenAI (`input`, `preferred_output`, `non_preferred_output`), TRL and Alpaca (`prompt` or `instruction`, `chosen`,
`rejected`), LLaMA-Factory (`conversations`, `chosen`, `rejected`), ms-swift (`messages`, `rejected_response`), and
two whole conversations (`chosen_messages`, `rejected_messages`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dslint.layouts import alpaca
from dslint.layouts.placed import Placed, layout, said

# Keys of the answer to prefer and of the one to reject; the second pair is OpenAI's former spelling.
SIDES = (
    ("preferred_output", "non_preferred_output"),
    ("preferred_completion", "non_preferred_completion"),
    ("chosen", "rejected"),
    ("chosen_messages", "rejected_messages"),
)
# Keys of the answer to reject that may stand alone: the conversation itself ends with the answer to prefer.
REJECTED = ("rejected_response", "rejected_messages")
# Beside these `chosen` or `rejected` alone is more likely a note of somebody's than one half of a pair.
FINISHED = ("messages", "completion", "response", "label")


def sides(data: Mapping[str, Any] | frozenset[str]) -> tuple[str, str]:
    """The keys of the preferred and the rejected answer; the first is "" where it ends the conversation itself."""
    for pair in SIDES:
        if pair[0] in data or (pair[1] in data and pair[1] not in REJECTED):
            return pair
    return "", next((key for key in REJECTED if key in data), "")


def _asked(data: Mapping[str, Any]) -> Iterator[Placed]:
    given = data.get("input")
    if isinstance(given, dict):
        yield from said(given.get("messages", []), "user", "/input/messages")
    elif "instruction" in data:
        yield from alpaca.asked(data)
    else:
        for key in ("prompt", "messages", "conversations", "question", "query"):
            if key in data:
                yield from said(data[key], "user", f"/{key}")


def _turns(data: Mapping[str, Any]) -> Iterator[Placed]:
    yield from _asked(data)
    preferred, _ = sides(data)
    if preferred in data:
        yield from said(data[preferred], "assistant", f"/{preferred}")


def _beside(data: Mapping[str, Any]) -> Iterator[Placed]:
    _, rejected = sides(data)
    if rejected in data:
        yield from said(data[rejected], "assistant", f"/{rejected}")


def _matches(keys: frozenset[str]) -> bool:
    openai = "input" in keys and any(key in keys for pair in SIDES[:2] for key in pair)
    named = {"chosen", "rejected"} & keys
    half = len(named) == 1 and "prompt" in keys and keys.isdisjoint(FINISHED)
    return openai or half or len(named) == 2 or any(key in keys for key in ("chosen_messages", *REJECTED))


LAYOUT = layout("preference", "preference pairs", _matches, _turns, "preference", beside=_beside)
