"""The command line: one module per command; arguments and exit codes, nothing else."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module

import typer

OK, FAILED, INTERRUPTED = 0, 2, 130

# Of each command its module, its function, its help, and whether it is another name of one before it.
COMMANDS = {
    "lint": ("lint", "lint", "HELP", False),
    "check": ("lint", "lint", "HELP", True),
    "split": ("split", "split", "HELP", False),
    "stats": ("stats", "stats", "HELP", False),
    "cost": ("cost", "cost", "HELP", False),
    "convert": ("convert", "convert", "HELP", False),
    "rule": ("rules", "rule", "RULE_HELP", False),
    "explain": ("rules", "rule", "RULE_HELP", True),
    "rules": ("rules", "rules", "RULES_HELP", False),
    "baseline": ("baseline", "baseline", "HELP", False),
    "config": ("config", "config", "HELP", False),
    "completion": ("completion", "completion", "HELP", False),
    "init": ("init", "init", "HELP", False),
    "test": ("test", "run_pages", "HELP", False),
}


def application(wanted: str = "") -> typer.Typer:
    """The program with one command, or with all of them when no command has that name."""
    app = typer.Typer(
        name="dslint",
        help="A linter for chat fine-tuning data. Exit codes: 0 nothing found, 1 findings, 2 could not do the job.",
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        add_completion=False,  # typer's guesses the shell and writes into its files; ours prints
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(invoke_without_command=True)(_root)
    for name in [wanted] if wanted in COMMANDS else COMMANDS:
        home, function, text, hidden = COMMANDS[name]
        module = import_module(f"dslint.cli.{home}")
        app.command(name, hidden=hidden, help=getattr(module, text))(getattr(module, function))
    return app


def _root(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", "-V", help="Print the version and exit."),
) -> None:
    if context.invoked_subcommand is None and not version:
        print(context.get_help())
        raise typer.Exit(FAILED)
    if version:
        from dslint import __version__

        print(f"dslint {__version__}")
        raise typer.Exit(OK)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code; nothing a user does ends in a traceback."""
    from dslint.config import ConfigError

    try:
        _tolerate(sys.stdout)
        given = list(sys.argv[1:] if arguments is None else arguments)
        code = application(*given[:1])(args=given, standalone_mode=False)
        sys.stdout.flush()
        if code == INTERRUPTED:  # typer makes a code of Ctrl-C
            raise KeyboardInterrupt
        return code if isinstance(code, int) else OK
    except typer.TyperException as error:
        return _fail(error.format_message())
    except ConfigError as error:
        return _fail(str(error))
    except (KeyboardInterrupt, typer.Abort):
        print("dslint: interrupted", file=sys.stderr)
        return INTERRUPTED
    except MemoryError as error:
        return _fail(str(error) or "not enough memory; rules across records need most: try --scope file")
    except (BrokenPipeError, SystemExit):  # which is what typer makes of the first
        return OK  # the reader has gone (`| head`) and wants no more
    except OSError as error:
        return _fail(f"{error.filename or 'output'}: {error.strerror or error}")


def _tolerate(stream: object) -> None:
    """A terminal that cannot show a character must not end the run."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def _fail(message: str) -> int:
    from dslint.report.visible import visible

    with suppress(OSError):  # nobody may be there to read it
        print(f"dslint: error: {visible(message, 500)}", file=sys.stderr)
    return FAILED
