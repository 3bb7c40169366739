"""`dslint completion`: the script that makes a shell complete, and the answers it asks for."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from dslint.cli.choices import among

HELP = """Print the script with which a shell completes commands, options, rules, targets and formats.

Example: dslint completion bash > ~/.local/share/bash-completion/completions/dslint

Example: dslint completion zsh > ~/.zfunc/_dslint

Example: dslint completion fish > ~/.config/fish/completions/dslint.fish

For zsh the folder has to stand in fpath before compinit. Exit codes: 0 printed, 2 could not do the job."""

# Each asks with the command line up to the cursor, and has a line for each answer: value, tab, meaning. Without an
# answer it completes files.
BASH = r"""_dslint() {
    local line
    COMPREPLY=()
    while IFS= read -r line; do
        COMPREPLY+=("${line%%$'\t'*}")
    done < <("$1" completion --line "${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
}
complete -o default -F _dslint dslint
"""

ZSH = r"""#compdef dslint
_dslint() {
    local line answers
    local -a found
    answers=$("$words[1]" completion --line "${(j: :)words[1,CURRENT]}" 2>/dev/null)
    if [[ -z $answers ]]; then
        _files
        return
    fi
    for line in "${(@f)answers}"; do
        found+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
    done
    [[ $words[CURRENT] == --*=* ]] && compset -P '*='
    _describe dslint found
}
if [[ $funcstack[1] == _dslint ]]; then
    _dslint "$@"
else
    compdef _dslint dslint
fi
"""

FISH = r"""function __dslint_complete
    set -l found (dslint completion --line (commandline -cp | string collect) 2>/dev/null)
    set -l option (string match --regex -- '^--[a-z-]+=' (commandline -ct))
    if test (count $found) -gt 0
        printf "$option%s\n" $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete --command dslint --no-files --arguments '(__dslint_complete)'
"""

SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH}


def completion(
    shell: Annotated[str | None, typer.Argument(help="bash, zsh or fish.", autocompletion=among(*SCRIPTS))] = None,
    line: Annotated[str | None, typer.Option(hidden=True, help="A command line to complete.")] = None,
) -> int:
    """Print a script, or the answers for a command line."""
    if line is not None:
        for value, meaning in answers(line):
            print(f"{value}\t{' '.join(meaning.split())}")
        return 0
    if shell not in SCRIPTS:
        raise typer.BadParameter(f"{shell!r} is not one of {', '.join(SCRIPTS)}", param_hint="SHELL")
    print(SCRIPTS[shell], end="")
    return 0


def answers(line: str) -> list[tuple[str, str]]:
    """(value, meaning) of all that the last word of a command line may be completed to."""
    from typer._click.shell_completion import CompletionItem, ShellComplete, split_arg_string
    from typer.main import get_command

    from dslint.cli import application

    class Completing(ShellComplete):
        """The resolution of a command line alone; typer's own shells read help as markup."""

        def source_vars(self) -> dict[str, Any]:
            return {}

        def get_completion_args(self) -> tuple[list[str], str]:
            words = split_arg_string(line)[1:]
            return (words, "") if not words or line[-1:].isspace() else (words[:-1], words[-1])

        def format_completion(self, item: CompletionItem) -> str:
            return str(item.value)

    resolver = Completing(get_command(application()), {}, "dslint", "")
    return [(item.value, item.help or "") for item in resolver.get_completions(*resolver.get_completion_args())]
