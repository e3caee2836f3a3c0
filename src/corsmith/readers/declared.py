"""The origins that a template declares anywhere: in CORS settings, in variables and parameters with telling names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corsmith.api.model import Declared
from corsmith.api.value import Known, OneOf, Value

from .intrinsics import intrinsic
from .nodes import Mapping, Node, Scalar, Sequence
from .reading import Reading
from .template import Template

_HEADER = "Access-Control-Allow-Origin"
_SETTINGS = frozenset(
    {
        "AllowOrigin",
        "AllowOrigins",
        "allowOrigins",
        "Cors",
        _HEADER,
        "gatewayresponse.header." + _HEADER,
        "method.response.header." + _HEADER,
    }
)
_TELLING = re.compile(
    r"cors|origin|allowed_?hosts?|(web|site|app|client|front_?end|ui|spa)_?(url|host|domain|origin)s?$|frontend", re.I
)
_ORIGIN_SERVERS = frozenset({"TargetOriginId", "OriginPath", "OriginGroups", "OriginSSLProtocols"})
"""Names that speak of CloudFront's origin servers, not of pages."""
_ORIGIN = re.compile(r"https?://[^\s/,'\"]+", re.I)
_HOST = re.compile(r"(localhost|[a-z0-9-]+(\.[a-z0-9-]+)+)(:\d+)?/?$", re.I)


def declared_origins(template: Template, reading: Reading, root: Node | None) -> tuple[Declared, ...]:
    """Return every origin the template declares, as it is written, in the order of the template."""
    found: dict[tuple[str, object], Declared] = {}
    for value in _values(template, reading, root):
        options = value.options if isinstance(value, OneOf) else (value,) if isinstance(value, Known) else ()
        for option in options:
            items = option.value if isinstance(option.value, tuple) else (option,)
            for item in items:
                if isinstance(item, Known) and isinstance(item.value, str) and _says_origin(item.value):
                    found.setdefault((item.value, item.span), Declared(item.value, item.span))
    return tuple(found.values())


def is_telling(name: str) -> bool:
    """Say whether a setting, a parameter or a variable of that name may hold an origin."""
    return name not in _ORIGIN_SERVERS and (name in _SETTINGS or _TELLING.search(name) is not None)


def _values(template: Template, reading: Reading, root: Node | None) -> Iterator[Value[object]]:
    pending: list[Sequence | Mapping] = [root] if root is not None and not isinstance(root, Scalar) else []
    seen: set[int] = set()
    telling: dict[str, bool] = {}
    while pending:
        node = pending.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Sequence):
            pending += [item for item in reversed(node.items) if not isinstance(item, Scalar)]
            continue
        below: list[Sequence | Mapping] = []
        said: list[tuple[str, Node]] = []
        for entry in node.entries:
            name, value = entry.key.text, entry.value
            if type(value) is Mapping and len(value.entries) != 1 and not value.tag and name not in template.parameters:
                # No value, and no parameter.
                below.append(value)
                continue
            tells = telling.get(name)
            if tells is None:
                tells = telling[name] = is_telling(name)
            if tells:
                said.append((name, value))
            if not isinstance(value, Scalar):
                below.append(value)
            elif name == "Type" and value.text == "AWS::CloudFront::Distribution":
                # What it calls origins are the servers behind it.
                break
        else:
            for name, value in said:
                yield from _said(template, reading, name, value)
            below.reverse()
            pending += below


def _said(template: Template, reading: Reading, name: str, value: Node) -> Iterator[Value[object]]:
    """Yield the value of a setting, or of a parameter's default."""
    if isinstance(value, Scalar | Sequence) or intrinsic(value) is not None:
        known = reading.value(value)
        if known is not None:
            yield known
    elif value.get("Type") is not None:
        default = value.get("Default")
        if default is not None and name in template.parameters:
            known = reading.value(default)
            if known is not None:
                yield known


def _says_origin(text: str) -> bool:
    parts = [part.strip().strip("'\"") for part in text.split(",")]
    return any(_ORIGIN.match(part) or _HOST.match(part) for part in parts)
