"""JSON as Terraform's `jsonencode` writes it."""

from __future__ import annotations

import json
from typing import Any

_ESCAPED = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def dumped(value: Any) -> str:
    """Return a plain value as JSON: keys sorted, no blanks, `<`, `>` and `&` escaped."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).translate(_ESCAPED)
