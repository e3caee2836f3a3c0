"""What a handler gave back, made into a response that its front door takes, with the policy's headers in it."""

import json

from lambda_cors.names import TOKEN_CHARACTERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final

    from lambda_cors.events import Door

OWN: "Final" = (
    "access-control-allow-",
    "access-control-expose-headers",
    "access-control-max-age",
)
JSON_TYPE: "Final" = "application/json"


class UnusableResult(Exception):
    """What the handler gave back cannot be a response. The message says why, for the log."""


def write(door: "Door", result: "Any", add: "dict[str, str]") -> "dict[str, Any]":
    """The response with the headers of `add` in the one map that counts, and no other CORS headers.

    Raises UnusableResult. The handler's own object is not changed.
    """
    if not isinstance(result, dict) or "statusCode" not in result:
        result = _inferred(door, result)
    if not door.keys.issuperset(result):
        unknown = next(key for key in result if key not in door.keys)
        raise UnusableResult(f"the result has a key that {door.name} does not know: {unknown!r}")
    if type(result["statusCode"]) is not int or not 100 <= result["statusCode"] < 600:
        result = {**result, "statusCode": _status(result["statusCode"])}
    _check_body(result)
    headers = result.get("headers")
    if door.multi or result.get("multiValueHeaders") or not _plain(headers):
        return _rewritten(door, result, add)
    return {**result, "headers": {**headers, **add} if headers else add}


def _plain(headers: "Any") -> bool:
    """Whether the headers can be taken as they are: checked in C, because it is checked on every call."""
    if not headers:
        return headers is None or isinstance(headers, dict)
    try:
        names = ",".join(headers).lower()
        values = "".join(headers.values())
    except (TypeError, AttributeError):
        return False
    return (
        names.isascii()
        and values.isascii()
        and values.isprintable()
        and names.replace("-", "").replace(",", "").isalnum()
        and "access-control-" not in names
        and "vary" not in names
        and "" not in headers
    )


def _inferred(door: "Door", result: "Any") -> "dict[str, Any]":
    if not door.infers:
        if isinstance(result, dict) and "headers" in result:
            return {"statusCode": 200, **result}
        kind = "a result without statusCode" if isinstance(result, dict) else f"a {type(result).__name__}"
        raise UnusableResult(f"the handler gave back {kind}, which {door.name} takes for no response{_hint(result)}")
    body = result if isinstance(result, str) else to_json(result)
    return {"statusCode": 200, "headers": {"content-type": JSON_TYPE}, "body": body}


def to_json(value: "Any") -> str:
    try:
        return json.dumps(value, separators=(",", ":"), default=_number, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise UnusableResult(f"the handler gave back what JSON cannot hold: {error}{_hint(value)}") from None


def _number(value: "Any") -> "int | float":
    from decimal import Decimal

    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"an object of type {type(value).__name__}")


def _hint(value: "Any") -> str:
    if hasattr(value, "__await__"):
        value.close()
        return " (the handler is async: call it with asyncio.run)"
    return " (the handler is a generator: return, do not yield)" if hasattr(value, "gi_frame") else ""


def _status(status: "Any") -> int:
    if isinstance(status, str) and status.isdecimal() and status.isascii() and len(status) == 3:
        status = int(status)
    if isinstance(status, int) and not isinstance(status, bool) and 100 <= status < 600:
        return int(status)
    raise UnusableResult(f"statusCode is {status!r}, not a number from 100 to 599")


def _check_body(result: "dict[str, Any]") -> None:
    body = result.get("body")
    if body is not None and type(body) is not str:
        if not isinstance(body, str):
            raise UnusableResult(f"body is a {type(body).__name__}, not a string (json.dumps it)")
    elif body and not body.isascii():
        try:
            body.encode()
        except UnicodeEncodeError:
            raise UnusableResult("body holds half of a surrogate pair, which UTF-8 cannot carry") from None
    if len(result) < 3:
        return
    for key in ("isBase64Encoded", "is_base64_encoded"):
        if type(result.get(key, False)) is not bool:
            raise UnusableResult(f"{key} is {result[key]!r}, neither True nor False")
    description = result.get("statusDescription", "")
    if not (isinstance(description, str) and _is_value(description)):
        raise UnusableResult(f"statusDescription is {description!r}, not a line of text")
    cookies = result.get("cookies", ())
    if not (isinstance(cookies, list | tuple) and all(isinstance(c, str) and _is_value(c) for c in cookies)):
        raise UnusableResult("cookies is not a list of strings")


def _is_value(text: str) -> bool:
    if text.isascii() and text.isprintable():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return not any(c < " " and c != "\t" or "\x7f" <= c < "\xa0" for c in text)


def _rewritten(door: "Door", result: "dict[str, Any]", add: "dict[str, str]") -> "dict[str, Any]":
    vary: list[str] = []
    single: dict[str, Any] = {}
    several: dict[str, Any] = {}
    for name, value in _entries(result, "headers"):
        lower = name.lower()
        if isinstance(value, list | tuple) and door.lists:
            value = [_text(name, v) for v in value]
        elif value is None:
            continue
        else:
            value = _text(name, value)
        if lower == "vary":
            vary += value if isinstance(value, list) else [value]
        elif not lower.startswith(OWN):
            single[name] = value
    for name, values in _entries(result, "multiValueHeaders"):
        lower = name.lower()
        if not isinstance(values, list | tuple):
            raise UnusableResult(f"multiValueHeaders holds no list under {name!r}")
        lines = [_text(name, v) for v in values]
        if lower == "vary":
            vary += lines
        elif not lower.startswith(OWN):
            several[name] = lines
    add = add.copy()
    merged = merge_vary(vary, add.pop("Vary", None))
    if merged:
        add["Vary"] = merged
    if door.multi:
        held = {name.lower() for name in several}
        several.update((name, [value]) for name, value in single.items() if name.lower() not in held)
        several.update((name, [value]) for name, value in add.items())
        return {**{k: v for k, v in result.items() if k != "headers"}, "multiValueHeaders": several}
    single.update(add)
    response = {**result, "headers": single}
    if several:
        response["multiValueHeaders"] = several
    else:
        response.pop("multiValueHeaders", None)
    return response


def _entries(result: "dict[str, Any]", key: str) -> "list[tuple[str, Any]]":
    headers = result.get(key)
    if headers is None:
        return []
    if not isinstance(headers, dict):
        raise UnusableResult(f"{key} is a {type(headers).__name__}, not a dict")
    for name in headers:
        if not (isinstance(name, str) and name and TOKEN_CHARACTERS.issuperset(name)):
            raise UnusableResult(f"{key} holds {name!r}, which is no header name")
    return list(headers.items())


def _text(name: str, value: "Any") -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if not isinstance(value, str):
        raise UnusableResult(f"the header {name!r} is a {type(value).__name__}, not a string")
    if not _is_value(value):
        raise UnusableResult(f"the header {name!r} holds a control character")
    return value


def merge_vary(lines: "list[str]", wanted: "str | None") -> str:
    """One Vary value that says all that the lines and the policy say, nothing twice; `*` says everything."""
    names: dict[str, str] = {}
    for line in (*lines, wanted or ""):
        for part in line.split(","):
            name = part.strip(" \t")
            if name:
                names.setdefault(name.lower(), name)
    return "*" if "*" in names else ", ".join(names.values())
