"""What is made from the program is what the program gives now."""

from importlib import import_module

import pytest
from refresh_docs import GENERATED, ROOT

from dslint.cli import COMMANDS


@pytest.mark.parametrize("name", GENERATED)
def test_it_is_fresh(name):
    assert (ROOT / name).read_text("utf-8") == GENERATED[name](), "run: python tests/refresh_docs.py"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_an_example_and_says_how_it_ends(name):
    home, _, text, _ = COMMANDS[name]
    said = getattr(import_module(f"dslint.cli.{home}"), text)
    assert f"Example: dslint {home if home == name else ''}" in said
    assert "Exit codes: 0 " in said
    assert f"## dslint {name}\n" in GENERATED["docs/cli.md"]() or COMMANDS[name][3]
