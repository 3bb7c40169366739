"""The script people write today: the whole file as a list of dicts, format checks, tiktoken on every message.

The checks are those of the well-known data preparation notebook for chat fine-tuning, tool calls allowed.
`python plain_script.py FILE [--no-tokens]`
"""

import argparse
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

ROLES = ("system", "user", "assistant", "function", "tool")
KEYS = ("role", "content", "name", "function_call", "weight", "tool_calls", "tool_call_id")
BUDGET = 65_536


def format_errors(dataset: list[Any]) -> Counter[str]:
    errors: Counter[str] = Counter()
    for example in dataset:
        if not isinstance(example, dict):
            errors["data_type"] += 1
        elif not example.get("messages"):
            errors["missing_messages_list"] += 1
        else:
            check_messages(example["messages"], errors)
    return errors


def check_messages(messages: list[dict[str, Any]], errors: Counter[str]) -> None:
    for message in messages:
        if "role" not in message or "content" not in message:
            errors["message_missing_key"] += 1
        if any(key not in KEYS for key in message):
            errors["message_unrecognized_key"] += 1
        if message.get("role") not in ROLES:
            errors["unrecognized_role"] += 1
        content, called = message.get("content"), message.get("function_call") or message.get("tool_calls")
        if (not content and not called) or not isinstance(content, str | None):
            errors["missing_content"] += 1
    if not any(message.get("role") == "assistant" for message in messages):
        errors["example_missing_assistant_message"] += 1


def token_counter() -> Callable[[str], int]:
    """tiktoken's o200k_base, from the rank files that come with dslint: tiktoken would fetch them."""
    from dslint.tokens import encoding

    encode = encoding("o200k_base").encode
    return lambda text: len(encode(text, disallowed_special=()))


def token_counts(dataset: list[Any]) -> list[int]:
    """Tokens per example: 3 per message, 1 per name, 3 for the reply."""
    tokens, counts = token_counter(), []
    for example in dataset:
        count = 3
        for message in example["messages"]:
            count += 3 + ("name" in message)
            count += sum(tokens(value) for value in message.values() if isinstance(value, str))
        counts.append(count)
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--no-tokens", action="store_true")
    args = parser.parse_args()
    with open(args.file, encoding="utf-8") as lines:
        dataset = [json.loads(line) for line in lines]
    print(len(dataset), "examples;", dict(format_errors(dataset)) or "no errors found")
    if not args.no_tokens:
        counts = token_counts(dataset)
        print(sum(counts), "tokens,", sum(count > BUDGET for count in counts), "examples over the budget")


if __name__ == "__main__":
    main()
