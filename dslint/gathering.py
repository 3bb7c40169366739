"""Records that wait for their facts to be gathered, some hundred at a time."""

from __future__ import annotations

from dslint.collecting import Batch, GroupBy, collected
from dslint.engine import Crash, Mapped, Plan
from dslint.records import Record

# Gathered together are at most so many records, of about so many bytes.
TOGETHER, TOGETHER_BYTES = 500, 1 << 20


class Gathering:
    """Gathers what the collectors of a plan make of records into what their file gave."""

    def __init__(self, plan: Plan, out: Mapped) -> None:
        self.collectors, self.out = plan.collectors, out
        self.waiting: list[Record] = []
        self.waiting_bytes = 0

    def add(self, record: Record) -> None:
        """Let a record wait until there are enough."""
        self.waiting.append(record)
        self.waiting_bytes += len(record.raw)
        if self.waiting_bytes >= TOGETHER_BYTES or len(self.waiting) >= TOGETHER:
            self.finish()

    def finish(self) -> None:
        """Gather the facts of all that wait."""
        crashes: list[Crash] = []

        def failed(collector: GroupBy, record: Record, error: Exception) -> None:
            name = getattr(collector, "__name__", "group_by")
            crashes.append(Crash("", name, record.where, f"{type(error).__name__}: {error}"[:200]))

        batch = Batch(self.waiting)
        self.out.facts.add([collected(collector, batch, failed) for collector in self.collectors])
        # Cut otherwise, the same records are to fail in the same order.
        self.out.crashes += sorted(crashes, key=lambda crash: crash.where.line)
        for record in self.waiting:
            if "messages" in vars(record):
                record.release()
        self.waiting, self.waiting_bytes = [], 0
