from collections.abc import Iterator

from dslint import Finding, Message, rule
from dslint.passages import passages
from dslint.prose import in_code
from dslint.regex import regex

GATE = (
    r"\[(Your|your|YOUR|Insert|insert|INSERT|Company|Recipient|Name|Date|Customer|First|Last|User)"
    r"|\{\{ ?[A-Za-z][a-z]{0,20}([_ ][A-Za-z]{1,20}){0,3} ?\}\}|[Ll]orem ipsum dolor"
)
PLACEHOLDER = regex(
    r"\[(?:Your|YOUR|your)(?: [A-Za-z'/]{1,20}){1,4}\]"
    r"|\[(?:Insert|INSERT|insert) [^\]\n]{1,60}\]"
    r"|\[(?:Company|Recipient|Customer|First|Last|User)(?:'s)?(?: [Nn]ame)?\](?!\()|\[(?:Name|Date)\](?!\()"
    r"|(?<![=(])\{\{ ?[A-Za-z][a-z]{0,20}(?:[_ ][A-Za-z]{1,20}){0,3} ?\}\}"
    r"|[Ll]orem ipsum dolor"
)


@rule("TXT110", preview=True, help="fill it in, or write the text without it", gate=GATE)
def placeholder(message: Message) -> Iterator[Finding]:
    """A place in a template that was never filled: `[Your Name]`, `{{first_name}}`, lorem ipsum."""
    for passage in passages(message):
        code = in_code(passage.text)
        for found in PLACEHOLDER.finditer(passage.text):
            braces = found[0][0] == "{" and "</" in passage.text  # those of JSX or a page template
            if not braces and not code(found.start()):
                yield passage.finding(f"placeholder {found[0][:40]!r}", *found.span())
                break
