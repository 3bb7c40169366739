"""A process for the code of strangers: a rule that ends it, hangs it or turns it inside out ends nothing else.

The process is a copy (fork) of this one, so it costs milliseconds; where the system has no fork, rules run here.
What they print is kept apart, Ctrl-C reaches this process alone, and of what they change in the other one - working
folder, signal handlers, modules - nothing comes back but plain findings.
"""

from __future__ import annotations

import mmap
import os
import pickle
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from typing import IO, Any, TypeVar

from dslint import interrupts, watch
from dslint.config import Config, ConfigError
from dslint.engine import Crash
from dslint.findings import Where
from dslint.ruledef import Rule
from dslint.selection import select

Report = Callable[[int], None]
Value = TypeVar("Value")
Work = Callable[[Config, Report], Value]

PATIENCE = 120.0  # seconds that one rule may take for one record, group or set
LONGEST_WAIT = 0.05  # seconds between two looks at the process
PRINTED = 20  # lines that rules printed which are shown, and how many bytes of each
LINE = 1000
FINISHED = 17  # the exit code of a process that left its answer: not one that a rule exits with by chance
DEATH_WITH_PARENT = 1  # prctl(2), PR_SET_PDEATHSIG


class Board:
    """Memory that both processes see: what rule is at work, where, how often that changed, and bytes read."""

    SIZE = 4096
    TEXT = 16  # where the text starts, after two numbers

    def __init__(self) -> None:
        self.memory = mmap.mmap(-1, self.SIZE)

    def announce(self, what: str, source: str, line: int) -> None:
        """Say what is at work."""
        text = f"{what}\0{line}\0{source}\0".encode("utf-8", "replace")[: self.SIZE - self.TEXT]
        self.memory[self.TEXT : self.TEXT + len(text)] = text
        self._set(0, self.count + 1)

    def report(self, size: int) -> None:
        """Count bytes read."""
        self._set(8, self.done + size)

    def _set(self, place: int, value: int) -> None:
        self.memory[place : place + 8] = value.to_bytes(8, "little")

    @property
    def count(self) -> int:
        """How often something was announced."""
        return int.from_bytes(self.memory[:8], "little")

    @property
    def done(self) -> int:
        """Bytes read."""
        return int.from_bytes(self.memory[8:16], "little")

    @property
    def at_work(self) -> tuple[str, str, int]:
        """(code and name of a rule, or LOADING, or "", file, line)."""
        fields = self.memory[self.TEXT :].split(b"\0", 3)
        what, line, source = (field.decode("utf-8", "replace") for field in fields[:3])
        return what, source, int(line or 0)


class _Rules(pickle.Pickler):
    """Rules are functions and stay behind: their codes go instead."""

    def persistent_id(self, value: Any) -> Any:
        return value.code if isinstance(value, Rule) else None


class _Codes(pickle.Unpickler):
    """Finds the rules again; they are loaded here only now that to load them has ended well there."""

    def __init__(self, file: IO[bytes], config: Config) -> None:
        super().__init__(file)
        self.config = config

    @cached_property
    def rules(self) -> dict[str, Rule]:
        return {rule.code: rule for rule in select(self.config)}

    def persistent_load(self, code: Any) -> Rule:
        return self.rules[code]


def contained(work: Work[Value], config: Config, report: Report) -> Value:
    """What the work gives; where a rule ended its process, what it gives without that rule.

    The value has an attribute `crashes`, or is a tuple whose last item has: there it is said. Raises what the work
    raises, and ConfigError when the process ended and no rule can be named.
    """
    if not hasattr(os, "fork"):
        return work(config, report)
    dead: list[Crash] = []
    while True:
        with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as output:
            board = Board()
            ended = _ended(work, config, report, board, answer, output)
            _say(output)
            if not ended:
                value: Value = _read(answer, config)
                _crashes_of(value).extend(dead)
                return value
        what, source, line = board.at_work
        if what == watch.LOADING:
            raise ConfigError(f"{source}: {ended} while it was loaded")
        if not what:
            raise ConfigError(f"the process that runs rules {ended}")
        code, _, name = what.partition(" ")
        dead.append(Crash(code, name, Where(source, line), f"{ended}; it was left out"))
        config = replace(config, ignore=(*config.ignore, code))


def _crashes_of(value: Any) -> list[Crash]:
    crashes: list[Crash] = (value[-1] if isinstance(value, tuple) else value).crashes
    return crashes


def _read(answer: IO[bytes], config: Config) -> Any:
    """What the process left. Only it could write there; that is as far as a rule is trusted."""
    answer.seek(0)
    raised, value = _Codes(answer, config).load()
    if raised:
        raise value
    return value


def _ended(
    work: Work[Any], config: Config, report: Report, board: Board, answer: IO[bytes], output: IO[bytes]
) -> str:
    """Run it in a process of its own; how that ended, "" when well."""
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        _be_the_child(work, config, board, answer, output)
    try:
        return _watched(child, board, report)
    finally:
        with suppress(OSError):  # whatever it started has its group
            os.killpg(child, signal.SIGKILL)
        with suppress(OSError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _watched(child: int, board: Board, report: Report) -> str:
    told, count, patience, wait = 0, -1, PATIENCE, 0.001
    while True:
        # Left to be collected until its group is gone, so that the number of the group stays its own.
        done = os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        report(board.done - told)
        told = board.done
        if done is not None:
            if done.si_code == os.CLD_EXITED:
                return "" if done.si_status == FINISHED else f"ended the process with code {done.si_status}"
            return f"ended the process by signal {done.si_status}"
        # Looks are counted and not the time of day: while everything stands still, nobody is slow.
        patience = patience - wait if board.count == count else PATIENCE
        count = board.count
        if patience < 0 and board.at_work[0]:
            return f"took more than {PATIENCE:g} seconds"
        time.sleep(wait)
        wait = min(2 * wait, LONGEST_WAIT)


def _be_the_child(work: Work[Any], config: Config, board: Board, answer: IO[bytes], output: IO[bytes]) -> None:
    code = 1
    try:
        _apart(output)
        watch.by(board.announce)
        result: tuple[bool, Any]
        try:
            result = False, work(config, board.report)
        except BaseException as error:  # the other process raises it again
            result = True, error
        process = os.getpid()
        with open(os.dup(answer.fileno()), "wb") as file:
            _Rules(file).dump(result)
        code = FINISHED if process == os.getpid() else 1
    finally:
        os._exit(code)


def _apart(output: IO[bytes]) -> None:
    """Leave the terminal, the keyboard and the fate of the other process."""
    os.setpgid(0, 0)
    interrupts.leave()
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    for stream in (1, 2):
        os.dup2(output.fileno(), stream)
    sys.stdout = os.fdopen(os.dup(1), "w", buffering=1, errors="backslashreplace")
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1, errors="backslashreplace")
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")  # when memory runs out, this process goes first
    with suppress(OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None).prctl(DEATH_WITH_PARENT, int(signal.SIGKILL))


def _say(output: IO[bytes]) -> None:
    """Show what rules printed, on standard error, as what it is."""
    from dslint.report.visible import visible

    output.seek(0)
    for number, line in enumerate(_lines(output)):
        if number == PRINTED:
            print("dslint: rules printed more", file=sys.stderr)
            return
        text = visible(line.decode("utf-8", "replace").rstrip())
        ours = text.startswith("dslint: ")  # as the search for near-duplicates has it when it will take long
        print(text if ours else f"dslint: a rule printed: {text}", file=sys.stderr)


def _lines(output: IO[bytes]) -> Iterable[bytes]:
    while line := output.readline(LINE):
        yield line
