from collections.abc import Iterator

from dslint import Finding, rule
from dslint.layouts import detect
from dslint.shapes import Shape

KNOWN = (
    *("messages", "conversations", "interactions", "prompt", "completion", "instruction", "output", "response"),
    *("question", "answer", "query", "chosen", "rejected", "input", "preferred_output", "non_preferred_output"),
    *("rejected_response", "contents", "text"),
)
OTHERS = frozenset(("content", "context", "contexts"))  # words of their own, though close to `contents`


def meant(key: str) -> str:
    """The known key that this one misspells, "" when there is none."""
    from rapidfuzz.distance import OSA

    plain = key.lower().replace("_", "").replace("-", "").replace(" ", "")
    if key in KNOWN or plain in OTHERS:
        return ""
    for known in KNOWN:
        bare = known.replace("_", "")
        allowed = 0 if len(bare) < 6 else 1 if len(bare) < 9 else 2
        if plain != f"{bare}s" and OSA.distance(plain, bare, score_cutoff=allowed) <= allowed:
            return known
    return ""


@rule("REC110", severity="error", help="rename the key")
def misspelt_key(shape: Shape) -> Iterator[Finding]:
    """A key that, spelt right, would make the record one of a known layout."""
    if shape.layout != "unknown":
        return
    spelt = {key: meant(key[:40]) for key in shape.keys}
    if any(spelt.values()) and detect(spelt[key] or key for key in spelt).name != "unknown":
        for key, known in spelt.items():
            if known:
                yield shape.finding(f"key {key[:40]!r}, meant is {known!r}", at=key)
