"""What `dslint stats` and `dslint cost` share: the files of a command line, counted, and complaints about them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from dslint.cli.arguments import complaints, trouble_lines
from dslint.cli.terminal import Progress
from dslint.config import Config
from dslint.inputs import gather
from dslint.report.machine import crash_line
from dslint.report.visible import visible
from dslint.sources import Source
from dslint.stats import Counted, count


@contextmanager
def counted(
    paths: Sequence[str], config: Config, *, progress: bool
) -> Iterator[tuple[Sequence[Source], Counted, bool]]:
    """(sources, what is in them, whether something could not be read); what went wrong is on standard error."""
    inputs = gather(paths, config)
    try:
        for line in complaints(inputs):
            print(line, file=sys.stderr)
        bar = Progress(sum(source.size for source in inputs.sources), quiet=not progress)
        found = count(inputs.sources, config, bar.add)
        bar.clear()
        problems = [line for trouble in found.troubles for line in trouble_lines(trouble)]
        problems += [visible(crash_line(crash.name, crash.where, crash.error), 500) for crash in found.crashes[:10]]
        failed = bool(problems or inputs.troubles)
        if not found.records and not failed:
            problems.append("dslint: error: there is no record in what was read")
        for line in problems:
            print(line, file=sys.stderr)
        yield inputs.sources, found, failed
    finally:
        inputs.close()
