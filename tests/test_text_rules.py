"""Rules over texts: a gate lets through whatever its check finds, and the views they share are right."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dslint.loader import load
from dslint.patterns import PatternSet
from dslint.prose import in_code
from dslint.records import Record
from dslint.repetition import SHORTEST, longest_run
from dslint.ruledef import Rule

GATED = [rule for rule in load(isolated=True).values() if rule.family == "TXT" and isinstance(rule.gate, str)]
PIECES = (
    *(
        "Ã©",
        "â€™",
        "Â\u00a0",
        "\x92",
        "\x85",
        "\u2028",
        "\ufffd",
        "\x07",
        "\u202e",
        "\u200b",
        "\u00ad",
        "\u200c",
        "אב",
    ),
    *(
        "\U000e0041",
        "\U000e0165" * 5,
        "\ufe0f" * 5,
        "🏴\U000e0067\U000e007f",
        "<|im_start|>",
        "<s>",
        "</s>",
        "[/INST]",
    ),
    *(
        "### Response:",
        "[Your Name]",
        "[Name]",
        "{{name}}",
        "{{ first name }}",
        "Lorem ipsum dolor",
        "As an AI, I am",
    ),
    *(
        "as a language model, I",
        "作为一个AI，",
        "I'm just an AI",
        "<think>",
        "</think>",
        "Assistant:",
        "**Chatbot**:",
    ),
    *(
        "```python\n",
        "```",
        "`",
        "\nUser:",
        "\nAI:",
        "&amp;",
        "<br>",
        "<b\t>",
        "My name is Claude",
        " ",
        "\n",
        "word",
        ".",
    ),
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)


@pytest.mark.parametrize("rule", GATED, ids=lambda rule: rule.name)
@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
def test_a_gate_lets_through_what_the_check_finds(rule: Rule, text: str) -> None:
    record = Record({"messages": [{"role": "assistant", "content": text}]}, raw=text.encode())
    (message,) = record.messages
    if list(rule.check(message, **rule.settings)):
        assert any(PatternSet([str(rule.gate)]).rows([message.text])), text


@given(before=st.text("ab .", max_size=500), phrase=st.text("xyz ", min_size=1, max_size=40), after=st.text("ab ."))
def test_a_long_run_is_found_wherever_it_stands(before: str, phrase: str, after: str) -> None:
    times = max(8, SHORTEST // len(phrase) + 1)
    run = longest_run(before + phrase * times + after, 8)
    assert run is not None
    assert run.start <= len(before)
    assert run.end >= len(before) + len(phrase) * times


def test_code_lies_between_fences_and_backticks() -> None:
    text = "a `b` c ```d\ne``` f ```g"
    code = in_code(text)
    assert [char for place, char in enumerate(text) if char.isalpha() and code(place)] == ["b", "d", "e", "g"]
