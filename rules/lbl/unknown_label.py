from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.compare import by_question
from dslint.dataset import Dataset
from dslint.labels import answers_of_all, finding, is_slip, records, spelling

SHOWN_CHARS = 25


@rule("LBL103", severity="error", help="answer with a declared label, or declare this one", group_by=by_question)
def unknown_label(
    dataset: Dataset, *, labels: Annotated[tuple[str, ...], "every label the set may have, none for no check"] = ()
) -> Iterator[Finding]:
    """An answer that is none of the declared labels."""
    if not labels:
        return
    for answer, having in answers_of_all(dataset.facts).items():
        if answer in labels:
            continue
        meant = [label for label in labels if spelling(label) == spelling(answer) or is_slip(answer, label)]
        hint = f", nearest is {meant[0][:SHOWN_CHARS]!r}" if meant else ""
        shown = repr(answer if len(answer) <= SHOWN_CHARS else answer[: SHOWN_CHARS - 1] + "…")
        yield finding(having, f"{shown} in {records(len(having))} is no declared label{hint}", "the same answer")
