"""What a project says about itself: the pages it is made for, and which findings count. `corsmith.toml` holds it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct, field

from corsmith.api.caller import CallerFlags
from corsmith.api.exchange import Headers
from corsmith.readers import Settings

_VALUES = {"content-type": "application/json", "authorization": "Bearer token"}
"""What a header is sent with where the settings give its name alone."""


class Pages(Struct, frozen=True):
    """The policy: which pages call, and how. None and () leave it to what is derived from the project.

    `headers` are names, or "Name: value". An origin may hold a `*`, as `lambda_cors.Policy` takes it; no page has such an
    origin, so checks leave it out.
    """

    origins: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    expose_headers: tuple[str, ...] = ()
    credentials: bool | None = None
    max_age: int | None = None


class Configuration(Struct, frozen=True):
    """The settings of a project. `file` is where they were read, "" where there are none.

    `folder` is the file's folder, relative to the current one: patterns of `per_path_ignores` count from there.
    """

    file: str = ""
    folder: str = "."
    policy: Pages = Pages()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    min_severity: str | None = None
    fail_on: str | None = None
    per_path_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    stage: str | None = None
    config_env: str | None = None


def caller_of(flags: CallerFlags, policy: Pages) -> CallerFlags:
    """Return who calls: what the flags say, and the policy where they say nothing."""
    return CallerFlags(
        origins=flags.origins or tuple(origin for origin in policy.origins if "*" not in origin),
        methods=flags.methods or tuple(method for method in policy.methods if method != "*"),
        headers=flags.headers if flags.headers is not None else _headers(policy.headers),
        credentials=flags.credentials if flags.credentials is not None else policy.credentials,
        path=flags.path,
    )


def values_of(given: Settings, configuration: Configuration) -> Settings:
    """Return the values for what templates leave open: the flags' first."""
    return Settings(
        parameters={**configuration.parameters, **given.parameters},
        stage=given.stage or configuration.stage,
        config_env=given.config_env or configuration.config_env,
        var_files=given.var_files,
    )


def header_name(text: str) -> str:
    """Return the name of a header given as a name or as "Name: value"."""
    return text.partition(":")[0].strip()


def _headers(headers: tuple[str, ...]) -> Headers | None:
    pairs = []
    for text in headers:
        name = header_name(text).lower()
        value = text.partition(":")[2].strip()
        if re.search(r"\*", name) is None:
            pairs.append((name, value or _VALUES.get(name, "1")))
    return tuple(pairs) or None
