"""Options that every rule about token counts has."""

from __future__ import annotations

from typing import Annotated

Limit = Annotated[int | None, "tokens an example may have, none for no limit"]
EncodingName = Annotated[str, "o200k_base or cl100k_base"]
PerMessage = Annotated[int, "tokens that frame a message"]
Reply = Annotated[int, "tokens that begin the reply"]

ENCODING = "o200k_base"
PER_MESSAGE = REPLY = 3  # OpenAI's published rule for its chat models
