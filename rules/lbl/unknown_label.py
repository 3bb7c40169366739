from collections.abc import Iterator
from typing import Annotated, Any

from dslint import Finding, rule
from dslint.compare import by_question
from dslint.dataset import Dataset
from dslint.labels import answers_of_all, finding, is_slip, records, spelling
from dslint.passages import Passage, edited, imitated

SHOWN_CHARS = 25


def _spelt(data: dict[str, Any], *, labels: tuple[str, ...] = ()) -> dict[str, Any]:
    """The record with its answer as the declared label that it is a spelling of."""
    declared: dict[str, list[str]] = {}
    for label in labels:
        declared.setdefault(spelling(label), []).append(label)

    def as_declared(passage: Passage) -> str:
        answer, meant = passage.text.strip(), declared.get(spelling(passage.text), [])
        if len(meant) != 1 or answer == meant[0] or not imitated(passage.message):
            return passage.text
        return passage.text.replace(answer, meant[0])

    return edited(data, as_declared)


@rule(
    "LBL103",
    severity="error",
    help="answer with a declared label, or declare this one",
    group_by=by_question,
    fix=_spelt,
)
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
