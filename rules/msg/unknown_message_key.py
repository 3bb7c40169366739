from collections.abc import Iterator

from dslint import Finding, rule
from dslint.findings import escaped
from dslint.shapes import Shape

# Keys of a message that some provider or trainer reads.
KNOWN = frozenset(
    (
        *("role", "content", "name", "weight", "refusal", "audio", "text", "id", "annotations"),
        *("tool_calls", "tool_call_id", "function_call", "tools", "tool", "candidates", "cache_control", "prefix"),
        *("reasoning_content", "reasoning", "reasoning_details", "thinking", "thought", "thoughts"),
        *("train", "train_detail", "loss", "loss_scale", "loss_weight", "images", "image", "videos", "audios"),
    )
)


@rule("MSG121", severity="info", help="remove the key, or correct its name")
def unknown_message_key(shape: Shape) -> Iterator[Finding]:
    """A key of a message that no provider or trainer reads."""
    for turn in shape.turns:
        for key in turn.keys:
            if turn.role is not None and key not in KNOWN:
                yield shape.finding(f"message has unknown key {key[:40]!r}", turn, key=escaped(key))
