"""Keyed pseudonyms of operators, made before a name leaves the reader process."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata

_DIGITS = 16


def pseudonym(name: str, key: bytes) -> str:
    """First 16 hex digits of HMAC-SHA256 over the name, NFKC-normalised, stripped and casefolded.

    Args:
        name: The operator as the sheet names them.
        key: The key; without it nobody can tell whom a pseudonym stands for.
    """
    plain = unicodedata.normalize("NFKC", name).strip().casefold()
    return hmac.new(key, plain.encode("utf-8"), hashlib.sha256).hexdigest()[:_DIGITS]
