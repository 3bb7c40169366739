"""`dslint`, and `python -m dslint`."""

from __future__ import annotations

import os
import sys
from contextlib import suppress


def main() -> None:
    """Run the command line and exit with its code; asking for the version costs no import."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from dslint import __version__

        print(f"dslint {__version__}")
        return
    import gc

    # A start makes many objects and no garbage, records are garbage without cycles.
    gc.set_threshold(100_000, 20, 100)
    from dslint import interrupts

    try:
        _fill_streams()
        interrupts.catch()
        from dslint.cli import run

        code = run()
        interrupts.release()
    except interrupts.Ended as end:
        code = end.code
        _complain("interrupted")
    except OSError as error:  # in reading its own code, with all else `run` deals
        code = 2
        _complain(f"error: {error.filename}: {error.strerror}")
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:  # already dealt with; Python must not try again at its end
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    sys.exit(code)


def _complain(message: str) -> None:
    with suppress(OSError):  # nobody may be there to read it
        print(f"dslint: {message}", file=sys.stderr)


def _fill_streams() -> None:
    """Streams that are closed from the start lead nowhere; else the next file opened would have their number."""
    while (handle := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(handle)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf-8"))


if __name__ == "__main__":
    main()
