"""Every file call of a run fails once, in every way: what is there is all old or all new, and nothing else."""

from __future__ import annotations

from collections import Counter
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from kit import needs_shim, points, shim

EVERYWHERE = product(("split", "split-over", "split-over-plain", "fix"), ("KILL", "INT", "EIO", "ENOSPC", "SHORT"))
MORE = product(("split-over", "fix"), ("TERM", "ENOSPC-LASTING"))
ENDS = {"KILL": {-9}, "INT": {130}, "TERM": {143}, "SHORT": {0}}
FEWEST = {"SHORT": 3}  # points; fewer mean that the shim does not see the calls

pytestmark = needs_shim


@pytest.mark.parametrize(("scenario", "fault"), [*EVERYWHERE, *MORE])
def test_every_point(
    scenario: str, fault: str, tmp_path: Path, record_property: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    *hit, last = points(scenario, fault, tmp_path, shim(tmp_path_factory.getbasetemp()))
    assert len(hit) >= FEWEST.get(fault, 25)
    assert all(fact["hit"] for fact in hit)
    assert (last["code"], last["state"], last["litter"]) == (0, "new", [])
    failed = {f"{fact['n']}: {problem}": fact for fact in hit for problem in problems(scenario, fault, fact)}
    assert not failed
    states = Counter(fact["state"] for fact in hit)
    record_property("figures", f"{scenario} {fault}: {len(hit)} points, {dict(sorted(states.items()))}")


def problems(scenario: str, fault: str, fact: dict[str, Any]) -> list[str]:
    """What is not as promised after one point."""
    found = []
    complete = fact["state"] == "new"
    if fact["state"] not in ("old", "new") and not gone(scenario, fault, fact):
        found.append(f"the target is {fact['state']}")
    if fact["code"] == 0 and not complete:
        found.append("success is reported, and it is not there")
    if fact["code"] not in ENDS.get(fault, {0, 2}):
        found.append(f"ends with {fact['code']}")
    if not fact["untouched"]:
        found.append("the input has changed")
    if "Traceback" in fact["said"] or (fact["code"] == 2) != (fact["said"].count("dslint: error: ") == 1):
        found.append("does not say in one line what is wrong")
    if fact["litter"] and not excused(fault, fact):
        found.append(f"leaves {fact['litter']}")
    if fact["litter"] and (fact["next"], fact["next_state"], fact["next_litter"]) != (0, "new", []):
        found.append("the next run does not clear up")
    return found


def gone(scenario: str, fault: str, fact: dict[str, Any]) -> bool:
    """Without an exchange there is an instant without a folder; the next run, though it refuses, puts it back."""
    killed = scenario == "split-over-plain" and fault == "KILL" and fact["state"] == "absent"
    return killed and (fact["refused"], fact["restored"]) == (2, "old")


def excused(fault: str, fact: dict[str, Any]) -> bool:
    """Whether what is left could not be removed: the run was killed, or removing is what failed."""
    cleaning = fact["state"] == "new" and fact["path"].endswith((".out.dslint", ".out.dslint-old"))
    return fault == "KILL" or fact["call"] == "unlink" or (cleaning and fact["call"] in ("open", "close"))
