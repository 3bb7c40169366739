"""What is made from the program is what the program gives now."""

import pytest
from refresh_docs import GENERATED, ROOT


@pytest.mark.parametrize("name", GENERATED)
def test_it_is_fresh(name):
    assert (ROOT / name).read_text("utf-8") == GENERATED[name](), "run: python tests/refresh_docs.py"
