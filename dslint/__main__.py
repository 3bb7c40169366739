"""`dslint`, and `python -m dslint`."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line and exit with its code; asking for the version costs no import."""
    _open_closed_streams()
    if sys.argv[1:] in (["--version"], ["-V"]):
        from dslint import __version__

        print(f"dslint {__version__}")
        return
    import gc

    gc.set_threshold(100_000)  # a start makes many objects and no garbage, records are garbage without cycles
    from dslint.cli import run

    code = run()
    try:
        sys.stdout.flush()
    except OSError:  # already dealt with; Python must not try again at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def _open_closed_streams() -> None:
    """A stream that was closed before we started (`>&-`) is one that nobody reads, and nothing is in."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))


if __name__ == "__main__":
    main()
