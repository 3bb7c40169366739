"""dslint cost: what the provider bills, with the price's source and date; no price is made up."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from typing import Any

import pytest

from dslint.loader import builtin
from dslint.prices import Epochs, load, names
from dslint.targets import names as target_names
from dslint.tokens import count_with_tiktoken

pytestmark = pytest.mark.usefixtures("here")

LIMIT = 65_536


@pytest.fixture
def cost(main):
    def call(*arguments: str) -> dict[str, Any]:
        ran = main("cost", "--format", "json", *arguments)
        assert (ran.code, ran.err) == (0, "")
        found: dict[str, Any] = json.loads(ran.out)
        return found

    return call


def example(text: str) -> bytes:
    turns = [{"role": "user", "content": text}, {"role": "assistant", "content": "Yes"}]
    return json.dumps({"messages": turns}).encode() + b"\n"


def size(text: str) -> int:
    return 3 + 2 * 3 + sum(count_with_tiktoken("o200k_base", ["user", text, "assistant", "Yes"]))


def test_tokens_beyond_the_limit_and_held_out_files_are_not_billed(here, cost, main) -> None:
    long = " word" * LIMIT
    (here / "train.jsonl").write_bytes(example("Hi") * 9 + example(long))
    (here / "test.jsonl").write_bytes(example("Hi") * 5)
    found = cost("train.jsonl", "test.jsonl", "--target", "openai", "--epochs", "2")
    billed = 2 * (9 * size("Hi") + LIMIT)
    assert size(long) > LIMIT
    assert (found["examples"], found["held_out"], found["cut_off"], found["limit"]) == (10, 5, 1, LIMIT)
    assert found["tokens"] == 9 * size("Hi") + size(long)
    assert (found["epochs"], found["billed_tokens"]) == (2, billed)
    assert found["costs"][0] == {
        "model": "gpt-4.1-2025-04-14",
        "per_million_tokens": 25.0,
        "training": billed * 25 / 1e6,
    }
    assert found["prices"]["as_of"] == "2026-07"
    out = main("cost", "train.jsonl", "test.jsonl", "--target", "openai", "--epochs", "2").out
    assert f"cut off     1 record at 65,536 tokens, {size(long) - LIMIT:,} tokens not billed" in out
    assert f"billed      {billed:,} tokens in 2 epochs" in out
    assert "Prices as of 2026-07, read 2026-11-21 at\nhttps://developers.openai.com/api/docs/pricing\n" in out
    assert max(map(len, out.splitlines())) <= 80


def test_epochs_are_the_providers_when_none_are_asked_for(here, cost) -> None:
    rule = load("openai").epochs
    assert rule == Epochs(3, 100, 25, 25_000)
    wanted = {1: 25, 4: 25, 10: 10, 33: 3, 34: 3, 5_000: 3, 8_333: 3, 8_334: 2, 25_001: 1}
    assert {examples: rule.for_examples(examples) for examples in wanted} == wanted
    (here / "train.jsonl").write_bytes(example("Hi") * 10)
    assert cost("train.jsonl", "--target", "openai")["epochs"] == 10
    assert cost("train.jsonl", "--target", "together")["epochs"] == 1


def test_a_model_may_be_named_without_its_date(here, cost, main) -> None:
    (here / "train.jsonl").write_bytes(example("Hi"))
    for model in ("gpt-4.1", "gpt-4.1-2025-04-14"):
        found = cost("train.jsonl", "--target", "openai", "--model", model)
        assert [one["model"] for one in found["costs"]] == ["gpt-4.1-2025-04-14"]
    ran = main("cost", "train.jsonl", "--target", "openai", "--model", "gpt-9")
    assert (ran.code, ran.out) == (2, "")
    assert "no price is known for model 'gpt-9'; known: gpt-4.1-2025-04-14, " in ran.err


def test_no_price_is_made_up(here, cost, main) -> None:
    (here / "train.jsonl").write_bytes(example("Hi"))
    found = cost("train.jsonl", "--target", "together", "--epochs", "3")
    assert (found["costs"], found["prices"], found["billed_tokens"]) == ([], None, 3 * size("Hi"))
    out = main("cost", "train.jsonl", "--target", "together").out
    assert "No price is known for together, only for openai: give one with --price." in out
    found = cost("train.jsonl", "--target", "together", "--model", "mine", "--price", "2.5")
    assert found["costs"] == [{"model": "mine", "per_million_tokens": 2.5, "training": size("Hi") * 2.5 / 1e6}]
    assert found["prices"] is None
    assert main("cost", "train.jsonl", "--target", "together", "--model", "mine").code == 2


def test_what_is_billed_by_the_hour_is_not_counted_in_tokens(here, main) -> None:
    (here / "train.jsonl").write_text('{"messages": [{"role": "user", "content": "Hi"}], "reference": "x"}\n')
    ran = main("cost", "train.jsonl", "--target", "openai")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "dslint: error: train.jsonl: reinforcement is billed by the hour, not by tokens\n"
    assert main("cost", "train.jsonl", "--target", "together").code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--target", "nobody"], "unknown target 'nobody'"),
        (["--target", "openai", "--epochs", "0"], "0 is not in the range x>=1"),
        (["--target", "openai", "--price", "-1"], "-1.0 is not in the range x>=0"),
    ],
)
def test_bad_options_are_2(here, main, arguments, said) -> None:
    (here / "train.jsonl").write_bytes(example("Hi"))
    ran = main("cost", "train.jsonl", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


@pytest.mark.parametrize("name", names())
def test_prices_have_a_source_and_a_date(name: str) -> None:
    assert name in target_names()
    table = tomllib.loads((builtin() / "prices" / f"{name}.toml").read_text("utf-8"))
    for entry in (table, table["epochs"], *table["billing"].values()):
        assert entry["source"].startswith("https://")
        assert isinstance(entry["checked"], date)
    assert table["as-of"] <= str(table["checked"])
    assert all(price > 0 for price in load(name).models.values())


def test_a_hostile_model_name_cannot_act(here, main) -> None:
    (here / "train.jsonl").write_bytes(example("Hi"))
    ran = main("cost", "train.jsonl", "--target", "together", "--price", "1", "--model", "\x1b[2J::error::x")
    assert ran.code == 0
    assert "\x1b" not in ran.out
    assert "::error" not in ran.out
