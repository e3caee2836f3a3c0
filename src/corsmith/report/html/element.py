"""Elements of HTML. Whatever is put into one is escaped, unless an element made it."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

VOID = frozenset({"link", "meta", "br", "hr"})
# Characters that HTML has no way to hold, and half surrogates, which no encoding holds.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def text(said: str) -> Markup:
    """Return `said` as HTML."""
    return Markup(html.escape(_NOT_TEXT.sub("\ufffd", said), quote=True))


def element(name: str, attributes: Mapping[str, str], *children: str) -> Markup:
    """Return an element; attributes and children are escaped, but for children that are elements themselves."""
    said = "".join(f' {key}="{text(value)}"' for key, value in attributes.items())
    if name in VOID:
        return Markup(f"<{name}{said}>")
    inside = "".join(child if isinstance(child, Markup) else text(child) for child in children)
    return Markup(f"<{name}{said}>{inside}</{name}>")
