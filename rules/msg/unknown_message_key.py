from collections.abc import Iterator

from dslint import Finding, rule
from dslint.shapes import Shape

# Keys that a provider or trainer reads, whichever.
KNOWN = frozenset(
    (
        *("role", "content", "name", "weight", "tool_calls", "tool_call_id", "function_call", "refusal", "audio"),
        *("reasoning_content", "reasoning", "thinking", "train", "train_detail", "loss", "loss_scale"),
        *("loss_weight", "prefix", "images", "image", "videos", "audios", "candidates", "cache_control", "id"),
        *("text", "annotations", "from", "value", "parts", "objects", "citations"),
    )
)


@rule("MSG121", severity="info", help="remove the key, or check its spelling")
def unknown_message_key(shape: Shape) -> Iterator[Finding]:
    """A message with a key that no provider or trainer reads."""
    for turn in shape.turns:
        for key in turn.keys:
            if turn.role is not None and key not in KNOWN:
                yield shape.finding(f"message has unknown key {key[:30]!r}", turn, key=key)
