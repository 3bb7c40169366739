from collections.abc import Iterator
from importlib import import_module
from typing import Annotated

from dslint import Finding, rule
from dslint.patterns import spans
from dslint.records import Message
from dslint.secrets import finding_at, stands_alone

DAY = "(?:0[1-9]|[12][0-9]|3[01])"
MONTH = "(?:0[1-9]|1[0-2])"
# name -> (how people write the number, the module of python-stdnum that knows its check digits or its ranges)
NUMBERS = {
    "us": ("US Social Security number", "[0-8][0-9]{2}-[0-9]{2}-[0-9]{4}", "us.ssn"),
    "it": ("Italian codice fiscale", "[A-Z]{6}[0-9]{2}[A-Z][0-9]{2}[A-Z][0-9]{3}[A-Z]", "it.codicefiscale"),
    "cn": ("Chinese resident number", f"[1-8][0-9]{{5}}(?:19|20)[0-9]{{2}}{MONTH}{DAY}[0-9]{{3}}[0-9X]", "cn.ric"),
    "mx": ("Mexican CURP", f"[A-Z]{{4}}[0-9]{{2}}{MONTH}{DAY}[HM][A-Z]{{5}}[0-9A-Z][0-9]", "mx.curp"),
    "fi": ("Finnish personal identity code", f"{DAY}{MONTH}[0-9]{{2}}[-+A][0-9]{{3}}[0-9A-Z]", "fi.hetu"),
    "se": ("Swedish personal identity number", f"[0-9]{{2}}{MONTH}{DAY}[-+][0-9]{{4}}", "se.personnummer"),
    "fr": ("French NIR", "[12] ?[0-9]{2} ?[0-9]{2} ?[0-9][0-9AB] ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}", "fr.nir"),
    "es": ("Spanish DNI", "[0-9]{8}-?[A-Z]", "es.dni"),
    "br": ("Brazilian CPF", r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}", "br.cpf"),
    "kr": ("Korean resident number", f"[0-9]{{2}}{MONTH}{DAY}-[1-8][0-9]{{6}}", "kr.rrn"),
    "in": ("Indian Aadhaar number", "[2-9][0-9]{3} [0-9]{4} [0-9]{4}", "in_.aadhaar"),
    "ch": ("Swiss AHV number", r"756\.[0-9]{4}\.[0-9]{4}\.[0-9]{2}", "ch.ssn"),
}


@rule(
    "SEC205",
    preview=True,
    sensitive=True,
    gate="|".join(pattern for _, pattern, _ in NUMBERS.values()),
    help="remove it, or write a number that can belong to nobody",
)
def national_id(
    message: Message,
    *,
    countries: Annotated[tuple[str, ...], "The countries whose numbers are looked for."] = tuple(NUMBERS),
) -> Iterator[Finding]:
    """A national identity number with the right check digits, or in a range that is given out."""
    text = message.text
    for country in countries:
        if country not in NUMBERS:
            continue
        name, pattern, module = NUMBERS[country]
        for start, end in spans(pattern, text):
            number = text[start:end]
            alone = stands_alone(text, start, end) and text[start - 1 : start] != "-" and text[end : end + 1] != "-"
            if alone and import_module(f"stdnum.{module}").is_valid(number):
                yield finding_at(message, start, end, f"holds a {name}")
