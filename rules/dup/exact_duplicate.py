from collections.abc import Iterator

from dslint import Fact, Finding, rule
from dslint.compare import by_line
from dslint.dataset import related, same_role


@rule("DUP101", help="keep one of them", group_by=by_line)
def exact_duplicate(group: list[Fact]) -> Iterator[Finding]:
    """The same line more than once in files of the same role."""
    for first, *copies in same_role(group):
        if copies:
            yield first.finding(
                f"record appears {len(copies) + 1:,} times", related=related(copies, "the same line")
            )
