"""Terraform's functions on plain values: texts, numbers, encodings.

Source: the Terraform language documentation, "Built-in Functions". What depends on the moment or on the machine (`timestamp`,
`uuid`) is unknown; nothing is fetched.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import math
import posixpath
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus

from .json_values import dumped
from .terms import Open, number

LONGEST = 2_000_000
"""Characters of a text that a function may give."""
_VERB = re.compile(r"%(\[\d+\])?([-+ #0]*)(\d*)(?:\.(\d+))?([a-zA-Z%])")


def as_text(value: Any) -> str:
    """Return a plain value as a text. Raises `Open`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return repr(value)
    raise Open("a text should stand here")


def formatted(pattern: str, *values: Any) -> str:
    """Return what `format` gives. Raises `Open`."""
    left = list(values)

    def put(match: re.Match[str]) -> str:
        place, flags, width, precision, verb = match.groups()
        if verb == "%":
            return "%"
        if place:
            value = values[int(place[1:-1]) - 1]
        elif left:
            value = left.pop(0)
        else:
            raise Open("format is given too few values")
        return _verb(verb, value, precision).rjust(min(int(width or 0), 1000), "0" if "0" in flags else " ")

    return _VERB.sub(put, pattern)


def _verb(verb: str, value: Any, precision: str | None) -> str:
    if verb in "sv":
        return as_text(value) if isinstance(value, str | int | float) else dumped(value)
    if verb == "q":
        return json.dumps(as_text(value))
    if verb == "d":
        return str(int(number(as_text(value))))
    if verb == "t":
        return as_text(value)
    if verb == "f":
        return f"{number(as_text(value)):.{min(int(precision or 6), 20)}f}"
    if verb in "xX":
        shown = format(int(number(as_text(value))), "x")
        return shown.upper() if verb == "X" else shown
    raise Open(f"format's %{verb} is not worked out here")


def replaced(whole: str, part: str, by: str) -> str:
    """Return what `replace` gives. Raises `Open` for patterns but the plainest: others may take long, or mean another thing."""
    if len(part) > 1 and part.startswith("/") and part.endswith("/"):
        pattern = part[1:-1]
        if len(whole) > 2000 or re.search(r"[()\\$]", pattern + by) or len(re.findall(r"[*+?{]", pattern)) > 2:
            raise Open("replace with such a pattern is not worked out here")
        return re.sub(pattern, by, whole)
    return whole.replace(part, by) if part else whole


def _joined(separator: str, *lists: Any) -> str:
    return separator.join(as_text(item) for each in lists for item in each)


def _substring(whole: str, start: int, length: int) -> str:
    start = max(len(whole) + start, 0) if start < 0 else start
    return whole[start:] if length < 0 else whole[start : start + length]


def _base64_decoded(encoded: str) -> str:
    try:
        return base64.b64decode(encoded, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        raise Open("the text is not base64") from None


def _json_decoded(written: str) -> Any:
    try:
        return json.loads(written)
    except (ValueError, RecursionError):
        raise Open("the text is not JSON") from None


def _truth(value: Any) -> bool:
    if value in (True, "true", 1, "1"):
        return True
    if value in (False, "false", 0, "0"):
        return False
    raise Open("it is no truth value")


def _digest(name: str) -> Callable[[str], str]:
    return lambda value: hashlib.new(name, value.encode(), usedforsecurity=False).hexdigest()


def _trim(value: str, cut: str) -> str:
    return value.strip(cut)


def _title(value: str) -> str:
    return re.sub(r"(^|\s)(\S)", lambda match: match.group(1) + match.group(2).upper(), value)


def _range(*bounds: int) -> list[int]:
    found = range(*(int(bound) for bound in bounds))
    if len(found) > 1024:
        raise Open("range gives more than 1024 numbers")
    return list(found)


def _power(base: float, exponent: float) -> Any:
    """`pow`, where the number is one that a configuration may hold."""
    try:
        return number(repr(math.pow(base, exponent)))
    except (ValueError, OverflowError):
        raise Open("the power is no number that can be worked out") from None


PLAIN: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "base64decode": _base64_decoded,
    "base64encode": lambda value: base64.b64encode(value.encode()).decode(),
    "base64sha256": lambda value: base64.b64encode(hashlib.sha256(value.encode()).digest()).decode(),
    "basename": posixpath.basename,
    "ceil": math.ceil,
    "chomp": lambda value: value.rstrip("\r\n"),
    "dirname": lambda value: posixpath.dirname(value) or ".",
    "endswith": lambda value, end: value.endswith(end),
    "floor": math.floor,
    "format": formatted,
    "indent": lambda count, value: value.replace("\n", "\n" + " " * min(int(count), 1000)),
    "join": _joined,
    "jsondecode": _json_decoded,
    "lower": str.lower,
    "max": max,
    "pow": _power,
    "signum": lambda value: (value > 0) - (value < 0),
    "md5": _digest("md5"),
    "min": min,
    "parseint": lambda value, base: int(value, int(base)),
    "pathexpand": lambda value: value,
    "range": _range,
    "replace": replaced,
    "sha1": _digest("sha1"),
    "sha256": _digest("sha256"),
    "sha512": _digest("sha512"),
    "split": lambda separator, value: value.split(separator) if separator else list(value),
    "startswith": lambda value, start: value.startswith(start),
    "strcontains": lambda value, part: part in value,
    "strrev": lambda value: value[::-1],
    "substr": _substring,
    "sum": sum,
    "title": _title,
    "tobool": lambda value: None if value is None else _truth(value),
    "tonumber": lambda value: None if value is None else number(as_text(value)),
    "tostring": lambda value: None if value is None else as_text(value),
    "trim": _trim,
    "trimprefix": lambda value, prefix: value.removeprefix(prefix),
    "trimspace": str.strip,
    "trimsuffix": lambda value, suffix: value.removesuffix(suffix),
    "upper": str.upper,
    "urlencode": lambda value: quote_plus(value, safe=""),
}
"""Functions that need plain values and give one."""


def applied(name: str, arguments: list[Any]) -> Any:
    """Return what a plain function gives. Raises `Open` where the arguments do not fit, or the result is too long."""
    try:
        given = PLAIN[name](*arguments)
    except Open:
        raise
    except (TypeError, ValueError, AttributeError, ArithmeticError, LookupError):
        raise Open(f"{name} cannot be worked out for these values") from None
    if isinstance(given, str) and len(given) > LONGEST:
        raise Open(f"{name} gives a text of more than {LONGEST:,} characters")
    return given
