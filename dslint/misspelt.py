"""Top-level keys that are nearly those of a known layout."""

from __future__ import annotations

KNOWN = (
    *("messages", "conversations", "interactions", "prompt", "completion", "instruction", "output", "response"),
    *("question", "answer", "query", "chosen", "rejected", "input", "preferred_output", "non_preferred_output"),
    *("rejected_response", "chosen_messages", "rejected_messages", "contents", "text"),
)
OTHERS = frozenset(("content", "context", "contexts"))  # words of their own, though close to `contents`


def meant(key: str) -> str:
    """The known key that this one misspells, "" when there is none."""
    from rapidfuzz.distance import OSA

    plain = key[:40].lower().replace("_", "").replace("-", "").replace(" ", "")
    if key in KNOWN or plain in OTHERS:
        return ""
    for known in KNOWN:
        bare = known.replace("_", "")
        allowed = 0 if len(bare) < 6 else 1 if len(bare) < 9 else 2
        if plain != f"{bare}s" and OSA.distance(plain, bare, score_cutoff=allowed) <= allowed:
            return known
    return ""
