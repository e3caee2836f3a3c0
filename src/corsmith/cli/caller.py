"""The caller's flags, the same for every command that accepts them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

import click

from corsmith.api.caller import CallerFlags

F = TypeVar("F", bound=Callable[..., Any])

_HEADER = re.compile(r"^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*)$")


def caller_options(command: F) -> F:
    """Add --origin, --method, --header, --credentials and --path to `command`."""
    options = (
        click.option(
            "--origin",
            "origins",
            multiple=True,
            metavar="O",
            help="Origin of the page; for a URL, https://app.example.com unless told.",
        ),
        click.option("--method", "methods", multiple=True, metavar="M", help="Method of the call."),
        click.option(
            "--header", "headers", multiple=True, metavar="'N: V'", help="Header that the page's script sets."
        ),
        click.option("--credentials/--no-credentials", default=None, help="The call includes cookies."),
        click.option("--path", default=None, metavar="P", help="Only the routes that serve P; joined to a URL."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def caller_flags(
    origins: tuple[str, ...],
    methods: tuple[str, ...],
    headers: tuple[str, ...],
    credentials: bool | None,  # noqa: FBT001 - a flag of the command line, three-valued
    path: str | None,
) -> CallerFlags:
    """Return what the flags say. Raises `click.BadParameter` for a header that is none."""
    return CallerFlags(
        origins=origins,
        methods=tuple(_method(method) for method in methods),
        headers=tuple(_pair(header) for header in headers) or None,
        credentials=credentials,
        path=path,
    )


def joined(url: str, path: str | None) -> str:
    """Return `url` with the `--path` that follows its own; a query stays at the end, that of `path` replaces the URL's."""
    if path is None:
        return url
    base, mark, query = url.partition("#")[0].partition("?")
    more, own_mark, own_query = path.partition("#")[0].partition("?")
    return f"{base.rstrip('/')}/{more.lstrip('/')}" + (f"?{own_query}" if own_mark else mark + query)


def _pair(header: str) -> tuple[str, str]:
    match = _HEADER.match(header)
    if match is None:
        raise click.BadParameter(f"{header!r} is no header; write it as 'Name: value'", param_hint="--header")
    return match[1], match[2].rstrip()


def _method(method: str) -> str:
    # What fetch() itself upper-cases (Fetch Standard, "normalize a method"); others, such as patch, stay as they are.
    return method.upper() if method.upper() in {"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"} else method
