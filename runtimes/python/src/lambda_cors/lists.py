"""What a policy's methods, header names and settings may be."""

from lambda_cors.names import (
    FORBIDDEN_METHODS,
    FORBIDDEN_REQUEST_HEADERS,
    FORBIDDEN_REQUEST_PREFIXES,
    FORBIDDEN_RESPONSE_HEADERS,
    NORMALIZED_METHODS,
    SAFELISTED_RESPONSE_HEADERS,
    TOKEN_CHARACTERS,
)
from lambda_cors.problems import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Final

LONGEST_AGE: "Final" = 86_400
LISTS: "Final" = ("origins", "methods", "request_headers", "response_headers")


def is_token(text: str) -> bool:
    """Whether the text is an RFC 9110 token, as methods and header names must be."""
    return bool(text) and TOKEN_CHARACTERS.issuperset(text)


def read_settings(given: "dict[str, Any]") -> "Iterator[Problem]":
    """What is wrong with the settings themselves, and between them."""
    if not given["origins"]:
        yield Problem("origins-empty", "origins", given["origins"], "allows nobody", "name the pages' origins")
    if "*" in given["origins"] and len(given["origins"]) > 1:
        yield Problem(
            "origins-mixed", "origins", "*", "already covers the other origins", "write '*' alone, or without it"
        )
    for name, value in given.items():
        if name in LISTS:
            if "*" in value and given["credentials"] is True:
                yield Problem(
                    "wildcard-with-credentials",
                    name,
                    "*",
                    "is no wildcard to a browser when credentials travel",
                    "name each one, or write credentials=False",
                )
        elif name != "max_age" and value is not True and value is not False:
            yield Problem("not-a-bool", name, value, "is neither True nor False", f"write {name}=True or leave it out")
    age = given["max_age"]
    if age is None:
        return
    if type(age) is not int:
        yield Problem("max-age-type", "max_age", age, "is not a whole number of seconds", "write max_age=600")
    elif not -1 <= age <= LONGEST_AGE:
        yield Problem(
            "max-age-range", "max_age", age, "is outside what browsers and front doors take", "write 0 to 86400, or -1"
        )


def read_methods(methods: "tuple[Any, ...]") -> "Iterator[Problem]":
    """What is wrong with the methods. Their case is kept, as browsers keep it (Fetch Standard, "normalize")."""
    for method in methods:
        if not isinstance(method, str) or not is_token(method):
            yield _no_token("method", "methods", method)
        elif method.upper() in FORBIDDEN_METHODS:
            yield Problem("method-forbidden", "methods", method, "is a method no page can send", "remove it")
        elif method.upper() == "ANY":
            yield Problem("method-any", "methods", method, "is a word of API Gateway's, not a method", "write '*'")
        elif method != method.upper() and method.upper() in NORMALIZED_METHODS:
            yield Problem(
                "method-case",
                "methods",
                method,
                "never comes like this: browsers send capitals",
                f"write {method.upper()!r}",
            )
        elif method.upper() == "PATCH" and method != "PATCH" and "PATCH" not in methods:
            yield Problem("method-case", "methods", method, "is not PATCH to a browser: case counts", "write 'PATCH'")


def read_headers(field: str, names: "tuple[Any, ...]") -> "Iterator[Problem]":
    """What is wrong with the names of `request_headers` or `response_headers`."""
    request = field == "request_headers"
    kind = "request-header" if request else "response-header"
    for name in names:
        if not isinstance(name, str) or not is_token(name):
            yield _no_token(kind, field, name)
            continue
        lower = name.lower()
        if request:
            forbidden = lower in FORBIDDEN_REQUEST_HEADERS or lower.startswith(FORBIDDEN_REQUEST_PREFIXES)
            if forbidden:
                yield Problem(f"{kind}-forbidden", field, name, "is the browser's own: no page can set it", "remove it")
            elif lower.startswith("access-control-"):
                yield Problem(
                    f"{kind}-forbidden", field, name, "is a response header", "remove it, also from the page's request"
                )
        elif lower in FORBIDDEN_RESPONSE_HEADERS:
            yield Problem(f"{kind}-forbidden", field, name, "is hidden from every page", "remove it")
        elif lower.startswith("access-control-"):
            yield Problem(f"{kind}-forbidden", field, name, "is read by the browser, not by pages", "remove it")
        elif lower in SAFELISTED_RESPONSE_HEADERS:
            yield Problem(f"{kind}-safelisted", field, name, "can be read without being listed", "remove it")


def _no_token(kind: str, field: str, value: object) -> Problem:
    if isinstance(value, str) and any(c in value for c in ", "):
        parts = [part for part in value.replace(",", " ").split() if part]
        return Problem(
            f"{kind}-list",
            field,
            value,
            "holds several in one string",
            f"write {', '.join(map(repr, parts)) or 'a name'}",
        )
    return Problem(f"{kind}-malformed", field, value, "is not a token", "write letters, digits and hyphens")
