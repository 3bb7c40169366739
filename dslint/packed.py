"""Compressed files read as their bytes: gzip and zstd, all members or frames, in bounded memory."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path
from typing import IO, Any, cast

SUFFIXES = (".gz", ".zst")
BUFFER = 1 << 18
ZSTD_WINDOW = 1 << 27  # bytes; the largest window that decoding may ask for
ZSTD_STEP = 1 << 10  # packed bytes decoded at once: 4 can stand for 128 KiB, so that these give 32 MiB at most


def suffix(path: Path) -> str:
    """How a file is compressed, by its name; "" when it is not."""
    ending = path.suffix.lower()
    return ending if ending in SUFFIXES else ""


def open(path: Path, ending: str) -> IO[bytes]:
    """The uncompressed bytes. Raises OSError; reading raises one of `errors`."""
    if ending == ".gz":
        return cast(IO[bytes], gzip.open(path, "rb"))
    return io.BufferedReader(_Zstd(io.BufferedReader(io.FileIO(path), BUFFER)), BUFFER)


def errors(ending: str) -> tuple[type[Exception], ...]:
    """What opening and reading can raise: that the file cannot be read, is cut off, or is damaged."""
    if ending == ".gz":
        return OSError, EOFError, zlib.error
    import zstandard

    return OSError, EOFError, zstandard.ZstdError


class _Zstd(io.RawIOBase):
    """The frames of a file, one after the other; unlike zstandard's own reader it tells when one is cut off."""

    def __init__(self, file: IO[bytes]) -> None:
        import zstandard

        self.file = file
        self.decoder = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW)
        self.frame: Any = None
        self.packed, self.ready = b"", memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self.ready:
            self.packed = self.packed or self.file.read(ZSTD_STEP)
            if not self.packed:
                if self.frame is not None:
                    raise EOFError("file ends in the middle of a frame")
                return 0
            self.frame = self.frame or self.decoder.decompressobj()
            self.ready, self.packed = memoryview(self.frame.decompress(self.packed)), b""
            if self.frame.eof:
                self.packed, self.frame = self.frame.unused_data, None
        size = min(len(buffer), len(self.ready))
        buffer[:size], self.ready = self.ready[:size], self.ready[size:]
        return size

    def close(self) -> None:
        self.file.close()
        super().close()
