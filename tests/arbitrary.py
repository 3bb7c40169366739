"""Records of every layout with anything in them, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

ROLES = ["system", "developer", "user", "assistant", "tool", "human", "Assistant", "oracle", "", None, 7, {}]
TEXTS = ["", " ", "hi", "Hi ", "billing", "account", "How do I pay?", "How do I pay", "é😀\u200d", None, 3, ["x"]]

leaves = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8))
anything = st.recursive(
    leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=12,
)
parts = st.lists(
    st.one_of(
        anything,
        st.fixed_dictionaries({"type": st.sampled_from(["text", "image_url", "odd"])}, optional={"text": anything}),
    ),
    max_size=3,
)
messages = st.one_of(
    anything,
    st.fixed_dictionaries({"human": anything, "assistant": st.sampled_from(TEXTS)}),
    st.fixed_dictionaries(
        {},
        optional={
            "role": st.sampled_from(ROLES),
            "content": st.one_of(st.sampled_from(TEXTS), parts),
            "weight": st.sampled_from([0, 1, 2, -1, 0.5, "1", True, None]),
            "tool_calls": st.one_of(anything, st.just([{"id": "1", "function": {"name": "f", "arguments": "{}"}}])),
            "name": anything,
        },
    ),
)
turns = st.one_of(anything, st.lists(messages, max_size=5))
records = st.one_of(
    st.fixed_dictionaries({"messages": turns}, optional={"tools": anything, "answer": anything, "id": anything}),
    st.fixed_dictionaries({"conversations": turns}, optional={"system": anything}),
    st.fixed_dictionaries(
        {"instruction": anything, "output": anything}, optional={"input": anything, "history": anything}
    ),
    st.fixed_dictionaries({"prompt": st.one_of(anything, turns), "completion": st.one_of(anything, turns)}),
    st.fixed_dictionaries({"chosen": turns, "rejected": turns}),
    st.dictionaries(st.sampled_from(["role", "content", "text", "messages", "odd"]), anything),
)
