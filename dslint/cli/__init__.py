"""The command line: one module per command; arguments and exit codes, nothing else."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from dslint.cli import convert, init, lint, rules, split, test

OK, FOUND, FAILED, INTERRUPTED = 0, 1, 2, 130

app = typer.Typer(
    name="dslint",
    help="A linter for chat fine-tuning data. Exit codes: 0 nothing found, 1 findings, 2 could not do the job.",
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("lint", help=lint.HELP)(lint.lint)
app.command("check", hidden=True, help=lint.HELP)(lint.lint)
app.command("split", help=split.HELP)(split.split)
app.command("convert", help=convert.HELP)(convert.convert)
app.command("rule", help=rules.RULE_HELP)(rules.rule)
app.command("explain", hidden=True, help=rules.RULE_HELP)(rules.rule)
app.command("rules", help=rules.RULES_HELP)(rules.rules)
app.command("init", help=init.HELP)(init.init)
app.command("test", help=test.HELP)(test.run_pages)


@app.callback(invoke_without_command=True)
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
        code = app(args=list(arguments) if arguments is not None else None, standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else OK
    except typer.TyperException as error:
        return _fail(error.format_message())
    except ConfigError as error:
        return _fail(str(error))
    except (KeyboardInterrupt, typer.Abort):
        print("dslint: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
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

    print(f"dslint: error: {visible(message, 500)}", file=sys.stderr)
    return FAILED
