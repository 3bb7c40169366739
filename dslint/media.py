"""The images of a record: where each is named, and what its data URL holds."""

from __future__ import annotations

import binascii
from collections.abc import Iterator
from typing import Any, NamedTuple

from dslint.records import Record
from dslint.regex import regex
from dslint.shapes import Shape

IMAGES = frozenset(("image_url", "image"))
# A data URL of RFC 2397 as providers want it: a type, base64, the data.
DATA_URL = regex(r"(?i:data):(?P<type>[A-Za-z]{1,20}/[A-Za-z0-9.+-]{1,60})(?:;[^;,]{0,80}){0,4};base64,")
SCHEME = regex(r"([A-Za-z][A-Za-z0-9+.-]{1,20}):")
# The first bytes of image formats.
MAGIC = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"%PDF", "pdf"),
    (b"<svg", "svg+xml"),
)


class Picture(NamedTuple):
    """An image part: the place of its turn, the key its URL stands under, and the URL.

    `url` is whatever stands there; `detail` is None where none is given.
    """

    turn: int
    key: str
    url: Any
    detail: Any = None


def shows_images(shape: Shape) -> bool:
    """Whether a turn holds an image part: a gate."""
    return any(part.rstrip("!") in IMAGES for turn in shape.turns for part in turn.parts)


def pictures(record: Record) -> Iterator[Picture]:
    """The image parts that name their image, in order, as OpenAI, Anthropic and Amazon's Converse write them."""
    for message in record.messages:
        for number, part in enumerate(message.parts):
            if isinstance(part, dict) and isinstance(kind := part.get("type"), str) and kind in IMAGES:
                yield from _named(message.index, f"content/{number}", part, kind)


def _named(index: int, key: str, part: dict[str, Any], kind: str) -> Iterator[Picture]:
    name = kind if kind in part else "value"
    value = part.get(name)
    source = part.get("source")
    if isinstance(value, dict) and kind == "image_url":
        yield Picture(index, f"{key}/{name}/url", value.get("url"), value.get("detail"))
    elif isinstance(value, str):
        yield Picture(index, f"{key}/{name}", value)
    elif isinstance(value, dict):
        yield from _converse(index, f"{key}/{name}/source", value)
    elif isinstance(source, dict) and isinstance(source.get("data"), str):
        url = f"data:{source.get('media_type')};base64,{source['data']}"
        yield Picture(index, f"{key}/source/data", url)


def _converse(index: int, key: str, image: dict[str, Any]) -> Iterator[Picture]:
    source = image.get("source")
    held = source if isinstance(source, dict) else {}
    if isinstance(held.get("bytes"), str):
        media_type = f"image/{image['format']}" if isinstance(image.get("format"), str) else ""
        yield Picture(index, f"{key}/bytes", f"data:{media_type};base64,{held['bytes']}")
    elif isinstance(stored := held.get("s3Location"), dict) and isinstance(stored.get("uri"), str):
        yield Picture(index, f"{key}/s3Location/uri", stored["uri"])


def scheme(url: str) -> str:
    """The scheme of an address in lower case, "" for a path."""
    found = SCHEME.match(url)
    return found[1].lower() if found else ""


def declared(url: str) -> str:
    """The image type that a data URL declares: jpeg, png, webp …; "" where it declares no image."""
    found = DATA_URL.match(url)
    kind = found["type"].lower() if found else ""
    name = kind.removeprefix("image/") if kind.startswith("image/") else ""
    return "jpeg" if name in ("jpg", "pjpeg") else name


def data_fault(url: str) -> str:
    """What is wrong with a data URL, "" when nothing is."""
    found = DATA_URL.match(url)
    if found is None:
        return "no image type" if ";base64," in url[:200] else "no `;base64,`"
    if not found["type"].lower().startswith("image/"):
        return f"type {found['type'][:30]}, no image"
    data = url[found.end() :]
    if not data:
        return "no data"
    try:
        binascii.a2b_base64(data.encode(), strict_mode=True)
    except (binascii.Error, UnicodeEncodeError):
        return "data that is no base64"
    return ""


def actual(url: str) -> str:
    """The image type that the first bytes of a data URL tell, "" where they tell none."""
    found = DATA_URL.match(url)
    head = url[found.end() : found.end() + 64] if found else ""
    try:
        data = binascii.a2b_base64(head[: len(head) // 4 * 4].encode())
    except (binascii.Error, UnicodeEncodeError):
        return ""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return next((name for magic, name in MAGIC if data.startswith(magic)), "")


def data_bytes(url: str) -> int:
    """How many bytes the base64 of a data URL stands for; 0 where there is none."""
    found = DATA_URL.match(url)
    return (len(url) - found.end()) * 3 // 4 - url[-2:].count("=") if found else 0
