"""What a handler gave back, made into a response that its front door takes, with the policy's headers in it."""

import json
from logging import getLogger

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from lambda_cors.events import Door

JSON = {"content-type": "application/json"}
CRASH = '{"message":"Internal Server Error"}'
OWN = ("access-control-allow-", "access-control-expose-headers", "access-control-max-age")
ALPHANUMERIC = "0123456789abcdefghijklmnopqrstuvwxyz"
TOKEN = frozenset(ALPHANUMERIC + ALPHANUMERIC.upper() + "!#$%&'*+-.^_`|~")
_CHECKED = frozenset(("statusCode", "headers", "multiValueHeaders", "body"))
# Sets of header names that were found to need no care: a function has few.
_PLAIN: set[tuple[str, ...]] = set()


class UnusableError(Exception):
    """What the handler gave back cannot be a response. The message says why, for the log."""


def report(what: str, error: BaseException) -> None:
    """Logs what went wrong, with the trace if it is the code's; what cannot be written must not cost the response."""
    log = getLogger("lambda_cors").error
    try:
        log("%s: %s", what, str(error), exc_info=None if isinstance(error, UnusableError) else error)
    except Exception:  # noqa: BLE001 - Lambda's handler of logs lets through what encoding a message raises
        log("%s: %s", what, type(error).__name__)


def is_token(text: object) -> bool:
    """Whether it is an RFC 9110 token, as methods and header names must be."""
    return isinstance(text, str) and text != "" and TOKEN.issuperset(text)


def write(door: "Door", result: "Any", add: dict[str, str]) -> "dict[str, Any]":
    """The response with the headers of add, each in the one map that counts, and with no other CORS headers.

    Raises UnusableError. The handler's own objects are not changed.
    """
    if not isinstance(result, dict) or "statusCode" not in result:
        result = _infer(door, result)
    if not door.keys.issuperset(result):
        unknown = sorted(map(repr, set(result) - door.keys))
        raise UnusableError(f"{door.name} knows no {', '.join(unknown)} at the top of a response")
    status = result["statusCode"]
    if type(status) is not int or not 100 <= status < 600:
        result = {**result, "statusCode": _read_status(status)}
    body = result.get("body")
    if body is not None and not (isinstance(body, str) and (body.isascii() or _is_utf8(body))):
        raise UnusableError(f"body is a {type(body).__name__}, not text: use json.dumps")
    if not _CHECKED.issuperset(result):
        _check_rest(result)
    headers = result.get("headers")
    if door.multi or result.get("multiValueHeaders") or not _is_plain(headers):
        return _rewrite(door, result, add)
    return {**result, "headers": {**headers, **add} if headers else add}


def _is_plain(headers: "Any") -> bool:
    """Whether the headers can be taken as they are. Most can, so this is a few calls into C."""
    if not headers:
        return headers is None or isinstance(headers, dict)
    try:
        values = "".join(headers.values())
        names = tuple(headers)
        if names not in _PLAIN:
            lower = [name.lower() for name in names]
            if "vary" in lower or any(name.startswith(OWN) for name in lower) or not all(map(is_token, names)):
                return False
            if len(_PLAIN) < 64:
                _PLAIN.add(names)
    except (TypeError, AttributeError):
        return False
    return values.isascii() and values.isprintable()


def _infer(door: "Door", result: "Any") -> "dict[str, Any]":
    if door.infers:
        body = result if isinstance(result, str) else to_json(result)
        return {"statusCode": 200, "headers": JSON, "body": body}
    if isinstance(result, dict) and "headers" in result:
        return {"statusCode": 200, **result}
    raise UnusableError(f"{door.name} takes no {type(result).__name__} without statusCode{_hint(result)}")


def to_json(value: "Any") -> str:
    """The value as Lambda's runtime writes it, Decimals included. Raises UnusableError."""
    try:
        return json.dumps(value, separators=(",", ":"), default=_number, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise UnusableError(f"not JSON: {error}{_hint(value)}") from None


def _number(value: "Any") -> int | float:
    from decimal import Decimal

    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"a {type(value).__name__}")


def _hint(value: object) -> str:
    close = getattr(value, "close", None)
    if close and hasattr(value, "__await__"):
        close()
        return " (the handler is async: use asyncio.run)"
    return ""


def _read_status(status: "Any") -> int:
    if isinstance(status, str) and len(status) == 3 and status.isascii() and status.isdecimal():
        status = int(status)
    if isinstance(status, int) and type(status) is not bool and 100 <= status < 600:
        return int(status)
    raise UnusableError(f"statusCode is {status!r}, not a number from 100 to 599")


def _check_rest(result: "dict[str, Any]") -> None:
    flags = result.get("isBase64Encoded", False), result.get("is_base64_encoded", False)
    if not all(type(flag) is bool for flag in flags):
        raise UnusableError("isBase64Encoded is neither True nor False")
    cookies = result.get("cookies", [])
    for line in (*(cookies if isinstance(cookies, list) else [None]), result.get("statusDescription", "")):
        if not _is_line(line):
            raise UnusableError(f"{line!r} is neither a cookie nor a statusDescription")


def _is_utf8(text: str) -> bool:
    try:
        return bool(text.encode())
    except UnicodeEncodeError:
        return False


def _is_line(text: object) -> bool:
    if not isinstance(text, str):
        return False
    if text.isascii() and text.isprintable():
        return True
    return _is_utf8(text) and not any((c < " " and c != "\t") or "\x7f" <= c < "\xa0" for c in text)


def _rewrite(door: "Door", result: "dict[str, Any]", add: dict[str, str]) -> "dict[str, Any]":
    single = _read_map(result, "headers")
    several = _read_map(result, "multiValueHeaders")
    if any(isinstance(value, list) for value in single.values()) and not door.lists:
        raise UnusableError("headers holds a list")
    if not all(isinstance(value, list) for value in several.values()):
        raise UnusableError("multiValueHeaders holds what is not a list")
    lines = []
    for held in (single, several):
        for name in [name for name in held if name.lower() == "vary" or name.lower().startswith(OWN)]:
            value = held.pop(name)
            if name.lower() == "vary":
                lines += value if isinstance(value, list) else [value]
    vary = merge_vary(*lines, add.get("Vary", ""))
    single.update({**add, "Vary": vary} if vary else add)
    if not door.multi:
        held = {"multiValueHeaders": several} if several else {}
        return {**{k: v for k, v in result.items() if k != "multiValueHeaders"}, "headers": single, **held}
    known = {name.lower() for name in several}
    several.update({name: [value] for name, value in single.items() if name.lower() not in known})
    return {**{k: v for k, v in result.items() if k != "headers"}, "multiValueHeaders": several}


def _read_map(result: "dict[str, Any]", key: str) -> "dict[str, Any]":
    """A copy of a header map, its values text or lists of text; a header of None is left out."""
    headers = result.get(key)
    if headers is None:
        return {}
    if not isinstance(headers, dict) or not all(map(is_token, headers)):
        raise UnusableError(f"{key} is {headers!r}, no dict of header names")
    return {
        name: [_text(name, line) for line in value] if isinstance(value, list | tuple) else _text(name, value)
        for name, value in headers.items()
        if value is not None
    }


def _text(name: str, value: "Any") -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if not _is_line(value):
        raise UnusableError(f"the header {name!r} is {value!r}, not a line of text")
    return str(value)


def merge_vary(*lines: str) -> str:
    """One Vary value that says what all the lines say, nothing twice; `*` says everything."""
    names = {name.lower(): name for line in reversed(lines) for name in reversed(line.replace(",", " ").split())}
    return "*" if "*" in names else ", ".join(reversed(names.values()))


def replaced(lines: "Iterable[tuple[str, str]]", add: dict[str, str]) -> list[tuple[str, str]]:
    """An application's header lines, with the headers of add in place of its own CORS headers."""
    kept, vary = [], []
    for name, value in lines:
        if name.lower() == "vary":
            vary.append(value)
        elif not name.lower().startswith(OWN):
            kept.append((name, value))
    merged = merge_vary(*vary, add.get("Vary", ""))
    return [*kept, *({**add, "Vary": merged} if merged else add).items()]
