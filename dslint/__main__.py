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

    gc.set_threshold(100_000)  # a start makes many objects and no garbage, records are garbage without cycles
    from dslint import interrupts

    try:
        interrupts.catch()
        from dslint.cli import run

        code = run()
        interrupts.release()
    except interrupts.Ended as end:
        code = end.code
        with suppress(OSError):
            print("dslint: interrupted", file=sys.stderr)
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:  # closed by whoever started it
                stream.flush()
        except OSError:  # already dealt with; Python must not try again at its end
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    sys.exit(code)


if __name__ == "__main__":
    main()
