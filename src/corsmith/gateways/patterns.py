"""Patterns with `*` for any text and `?` for one character, as listener rules and cache behaviors use them."""

from __future__ import annotations

import re
from functools import lru_cache


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)


def fits(pattern: str, text: str) -> bool:
    """Say whether the whole `text` fits `pattern`; letters count with their case."""
    return _compiled(pattern).fullmatch(text) is not None
