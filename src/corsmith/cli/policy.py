"""The policy that a command is about: what the flags say, and the settings where they say nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from corsmith.api.caller import CallerFlags
from corsmith.project.configuration import Pages

from .caller import caller_flags, caller_options

F = TypeVar("F", bound=Callable[..., Any])


def policy_options(command: F) -> F:
    """Add the caller's flags, and what a policy says beside: --expose-header and --max-age."""
    command = click.option(
        "--max-age", type=click.IntRange(-1, 86400), metavar="S", help="Seconds a browser may remember a preflight."
    )(command)
    command = click.option(
        "--expose-header", "exposed", multiple=True, metavar="N", help="Response header that pages may read."
    )(command)
    return caller_options(command)


def flags_of(options: dict[str, Any]) -> CallerFlags:
    """Return what the caller's flags say; a header may be given by its name alone. Raises `click.BadParameter`."""
    headers = tuple(header if ":" in header else f"{header}:" for header in options["headers"])
    return caller_flags(options["origins"], options["methods"], headers, options["credentials"], options["path"])


def pages_of(options: dict[str, Any], settings: Pages) -> Pages:
    """Return the policy. Raises `click.BadParameter`."""
    flags = flags_of(options)
    named = tuple(f"{name}: {value}" if value else name for name, value in flags.headers or ())
    return Pages(
        origins=flags.origins or settings.origins,
        methods=flags.methods or settings.methods,
        headers=named or settings.headers,
        expose_headers=options["exposed"] or settings.expose_headers,
        credentials=flags.credentials if flags.credentials is not None else settings.credentials,
        max_age=options["max_age"] if options["max_age"] is not None else settings.max_age,
    )
