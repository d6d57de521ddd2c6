"""How the reader process hands batches over: frames of a kind, a JSON head and a body, lengths in front."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, BinaryIO

_PREFIX = struct.Struct(">BII")
_MOST_BYTES = 64 << 20


class FrameKind(IntEnum):
    """What a frame carries."""

    BATCH = 1
    RESULT = 2
    FAILURE = 3


@dataclass(frozen=True)
class Frame:
    """One message of the reader process."""

    kind: FrameKind
    head: dict[str, Any]
    body: bytes = b""


def write_frame(stream: BinaryIO, frame: Frame) -> None:
    """Writes a frame and flushes."""
    head = json.dumps(frame.head).encode("utf-8")
    stream.write(_PREFIX.pack(frame.kind, len(head), len(frame.body)))
    stream.write(head)
    stream.write(frame.body)
    stream.flush()


def read_frame(read: Callable[[int], bytes]) -> Frame | None:
    """Reads the next frame.

    Args:
        read: Returns exactly as many bytes as asked for, or fewer at the end of the stream.

    Returns:
        The frame, or None when the stream ends, cleanly or within a frame.

    Raises:
        ValueError: The bytes are no frame.
    """
    prefix = read(_PREFIX.size)
    if len(prefix) < _PREFIX.size:
        return None
    kind, head_length, body_length = _PREFIX.unpack(prefix)
    if head_length + body_length > _MOST_BYTES:
        raise ValueError(f"a frame of {head_length + body_length} bytes")
    head, body = read(head_length), read(body_length)
    if len(head) < head_length or len(body) < body_length:
        return None
    return Frame(FrameKind(kind), json.loads(head), body)
