import re
from collections.abc import Iterator

from dslint import Finding, Message, rule
from dslint.passages import passages, rendered
from dslint.regex import regex

# The first signs of the tokens below; the check looks closer.
GATE = r"<\||<｜|\[/?INST\]|<(start|end)_of_turn>|<</?SYS>>|</?s>|### (Instruction|Response):"
# What chat templates put around turns, by the models that have them.
TOKEN = regex(
    r"<\|(?:im_start|im_end|im_sep|endoftext|endofprompt|fim_prefix|fim_middle|fim_suffix"  # OpenAI, Qwen
    r"|begin_of_text|end_of_text|start_header_id|end_header_id|eot_id|eom_id|python_tag"  # Llama 3
    r"|start|end|message|channel|constrain|call|return"  # gpt-oss
    r"|user|assistant|system|observation|tool|endofturn)\|>"  # Phi, GLM, Zephyr
    r"|<｜[^<>｜\n]{1,30}｜>"  # DeepSeek
    r"|\[/?INST\]|<</?SYS>>"  # Llama 2, Mistral
    r"|<(?:start|end)_of_turn>"  # Gemma
    r"|\A\s{0,9}<s>(?!.{0,2000}</s>.)|</s>(?=\s{0,9}\Z)|</s>\s{0,9}<s>"  # elsewhere <s> is HTML
    r"|(?m:^)### (?:Instruction|Response):",  # Alpaca
    re.DOTALL,
)


@rule("TXT108", help="remove it: the chat template of the model writes these tokens", gate=GATE)
def special_token(message: Message) -> Iterator[Finding]:
    """A token of a chat template in the text of a turn: `<|im_start|>`, `[INST]`, `</s>`."""
    if rendered(message.record):
        return
    for passage in passages(message):
        found = TOKEN.search(passage.text)
        if found:
            yield passage.finding(f"{found[0].strip()[:40]!r} belongs to a chat template", *found.span())
