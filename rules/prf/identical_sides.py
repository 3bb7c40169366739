from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.preferences import is_preference, said_by, sides


@rule("PRF104", severity="error", help="drop the pair, or write a worse answer", gate=is_preference)
def identical_sides(record: Record) -> Iterator[Finding]:
    """A preference pair whose two answers are the same."""
    chosen, rejected = sides(record)
    if not chosen.turns or chosen.blank or len(chosen.turns) != len(rejected.turns):
        return
    if [said_by(turn) for turn in chosen.turns] == [said_by(turn) for turn in rejected.turns]:
        exactly = [turn.text for turn in chosen.turns] == [turn.text for turn in rejected.turns]
        but = "" if exactly else " but for white space at the ends"
        name = "last answer" if chosen.key == "messages" else chosen.key
        yield record.finding(f"{name} and {rejected.key} are the same{but}", pointer=rejected.pointer)
