from collections.abc import Iterator

from dslint import Fact, Finding, rule
from dslint.compare import by_line
from dslint.dataset import related
from dslint.leaks import leaks


@rule(
    "LEK101",
    severity="error",
    help="keep it in one split only, or drop what a reference has",
    group_by=by_line,
    references=True,
)
def leaked_record(group: list[Fact]) -> Iterator[Finding]:
    """The same line in files of different roles, such as train and test."""
    for held_out, trained in leaks(group):
        message = f"{held_out.role} record is also in {trained[0].role}".lstrip()
        yield held_out.finding(message, related=related(trained, f"the same line in {trained[0].role}"))
