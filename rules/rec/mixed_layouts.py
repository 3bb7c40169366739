from collections.abc import Iterator

from dslint import Finding, rule
from dslint.columns import mixture
from dslint.dataset import File

SHOWN = 3


@rule("REC103", severity="error", help="convert all records to one layout with `dslint convert`, or split the file")
def mixed_layouts(file: File) -> Iterator[Finding]:
    """Records of several layouts in one file."""
    kinds = mixture(file)
    if len(kinds) > 1:
        named = ", ".join(f"{name} {count:,}" for name, (count, _) in list(kinds.items())[:SHOWN])
        more = f" and {len(kinds) - SHOWN} more" if len(kinds) > SHOWN else ""
        _, line = list(kinds.values())[1]
        yield file.finding(f"file mixes layouts: {named}{more}", line=line)
