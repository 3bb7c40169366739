from collections.abc import Iterator

from dslint import Finding, rule
from dslint.layouts import detect
from dslint.layouts.preference import sides
from dslint.misspelt import meant
from dslint.shapes import Shape


@rule("REC110", severity="error", help="rename the key")
def misspelt_key(shape: Shape) -> Iterator[Finding]:
    """A key that, spelt right, would make the record one of a known layout, or the pair a whole one."""
    if shape.layout not in ("unknown", "preference"):
        return
    spelt = {key: known for key in shape.keys if (known := meant(key))}
    if shape.layout == "preference":
        absent = set(sides(frozenset(shape.keys))) - set(shape.keys)
        spelt = {key: known for key, known in spelt.items() if known in absent}
    elif detect(spelt.get(key, key) for key in shape.keys).name == "unknown":
        return
    for key, known in spelt.items():
        yield shape.finding(f"key {key[:40]!r}, meant is {known!r}", at=key)
