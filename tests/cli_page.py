"""`docs/cli.md`, made from the command line itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from typer.main import get_command

from dslint.cli import COMMANDS, application
from dslint.config import KEYS

INTRODUCTION = """# Command line

{help}

Made from the program by `python tests/refresh_docs.py`; `dslint COMMAND --help` says the same.

"""

NAMES = {"str": "TEXT"}


def page() -> str:
    """The page in Markdown."""
    program: Any = get_command(application())
    text = INTRODUCTION.format(help=program.help)
    text += "".join(f"- [dslint {name}](#dslint-{name})\n" for name in COMMANDS if not alias_of(name))
    for name, command in program.commands.items():
        if not command.hidden:
            text += "".join(f"{line}\n" for line in section(name, command))
    return text


def alias_of(name: str) -> str:
    """The command that this is another name of, "" for none."""
    home, function, _, alias = COMMANDS[name]
    return next(key for key, known in COMMANDS.items() if known[:2] == (home, function)) if alias else ""


def section(name: str, command: Any) -> Iterator[str]:
    """One command: what it is for, how it is called, its arguments and options."""
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option" and not one.hidden]
    called = " ".join(["dslint", name, "[OPTIONS]", *map(usage, arguments)])
    yield from ("", f"## dslint {name}", "", *prose(command.help), "", f"Usage: `{called}`")
    aliases = [f"`dslint {other}`" for other in COMMANDS if alias_of(other) == name]
    if aliases:
        yield from ("", f"Also {', '.join(aliases)}.")
    if arguments:
        yield from ("", "| argument | meaning |", "|---|---|")
        yield from (f"| `{usage(one)}` | {one.help} |" for one in arguments)
    yield from ("", "| option | default | meaning |", "|---|---|---|")
    yield from (f"| {spelt(one)} | {default(one)} | {cell(meaning(one))} |" for one in options)


def prose(text: str) -> Iterator[str]:
    """The help with its examples as code, and one paragraph a line of its own."""
    for line in text.splitlines():
        yield f"    {line.removeprefix('Example: ')}" if line.startswith("Example: ") else line


def usage(argument: Any) -> str:
    """`[PATHS]...`, `NAME`."""
    many = "..." if argument.nargs == -1 else ""
    name = argument.name.upper()
    return f"{name}{many}" if argument.required else f"[{name}]{many}"


def spelt(option: Any) -> str:
    """All spellings of an option, and what it takes."""
    names = sorted([*option.opts, *option.secondary_opts], key=len)
    if not option.is_flag:
        names[-1] += f" {option.metavar or NAMES.get(option.type.name, option.type.name.upper())}"
    return ", ".join(f"`{name}`" for name in names)


def default(option: Any) -> str:
    """The default where it says something, or where it comes from."""
    if option.is_flag:
        return f"`{option.opts[0]}`" if option.default else ""
    if option.default in (None, ""):
        return "as configured" if option.opts[0].removeprefix("--") in KEYS else ""
    return f"`{option.default}`"


def meaning(option: Any) -> str:
    """The help, and the variable that has the same effect."""
    return f"{option.help} Also `{option.envvar}` in the environment." if option.envvar else str(option.help)


def cell(text: str) -> str:
    return text.replace("|", "&#124;")
