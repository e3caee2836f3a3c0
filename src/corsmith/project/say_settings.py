"""What a project says of the pages it is for, as the text of a corsmith.toml."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from msgspec import Struct

from corsmith.api.model import Api
from corsmith.api.span import locate
from corsmith.api.tree import Tree

from .check import Checked
from .configuration import Pages
from .origins import meant
from .settings_file import refusals

HEAD = """\
# The pages that this project is made for. corsmith check, fix and generate read this; a flag counts before it.
# Every key can be left out: what is missing is derived from the project, route by route.

[policy]
"""
TAIL = """
# What counts. `corsmith rules` lists the rules.
# ignore = ["preflight-not-cached"]
# min-severity = "warning"
# fail-on = "error"

# [per-path-ignores]
# "legacy/**" = ["rest-missing-gateway-responses"]
"""


class Origin(Struct, frozen=True):
    """An origin that a project declares, and where: "template.yaml:12"."""

    origin: str
    places: tuple[str, ...]


class Said(Struct, frozen=True):
    """What a project says. `agreed`: every template that declares origins declares these."""

    origins: tuple[Origin, ...]
    agreed: bool
    methods: tuple[str, ...]
    headers: tuple[str, ...]
    credentials: bool


def said(checked: Checked) -> Said:
    """Return what the checked project says of its callers."""
    places: dict[str, dict[str, None]] = {}
    sets = set()
    for api in checked.apis:
        mine = tuple(_origins(api, checked.tree))
        if mine:
            sets.add(frozenset(origin for origin, _ in mine))
        for origin, place in mine:
            places.setdefault(origin, {}).setdefault(place)
    callers = [caller for who in checked.plan.values() for caller in who]
    return Said(
        origins=tuple(Origin(origin, tuple(where)) for origin, where in places.items()),
        agreed=len(sets) < 2,
        methods=tuple(sorted({caller.method for caller in callers})),
        headers=tuple(sorted({name for caller in callers for name, _ in caller.headers})),
        credentials=any(caller.credentials == "include" for caller in callers),
    )


def settings_text(project: Said, flags: Pages) -> str:
    """Return the text of a corsmith.toml: what the flags say holds, and where they are silent what the project says.

    Methods, headers and credentials differ from route to route, so what the project says of them is written as comments.
    """
    lines = [
        *_origin_lines(project, flags),
        *_line("methods", flags.methods, project.methods, "unset: those of each route"),
        *_line("headers", flags.headers, project.headers, "unset: what each route's code, authorizer and API key need"),
        *_line("expose-headers", flags.expose_headers, (), "what pages may read beside the safelisted headers"),
    ]
    if flags.credentials is not None:
        lines.append(f"credentials = {json.dumps(flags.credentials)}")
    else:
        lines.append(
            f"# credentials = {json.dumps(project.credentials)}  # unset: where a layer of the route allows them"
        )
    lines.append(f"max-age = {flags.max_age}" if flags.max_age is not None else "# max-age = 600  # seconds")
    return HEAD + "\n".join(lines) + "\n" + TAIL


def _origins(api: Api, tree: Tree) -> Iterator[tuple[str, str]]:
    for each in api.declared_origins:
        for part in each.text.split(","):
            origin = meant(part)
            # What no policy takes, such as a sub-domain of a public suffix, is for its owner to write down.
            if origin is not None and not any(True for _ in refusals(Pages(origins=(origin,)))):
                place = locate(each.span, tree.read(each.span.file)) if each.span is not None else None
                yield origin, f"{place.file}:{place.line}" if place is not None else api.file


def _origin_lines(project: Said, flags: Pages) -> Iterator[str]:
    if flags.origins or not project.origins:
        yield from _line("origins", flags.origins, ("https://app.example.com",), "no origin is declared anywhere")
        return
    hidden = "" if project.agreed else "# "
    if hidden:
        yield "# The templates declare different origins, so each is checked for its own; these are all of them:"
    yield f"{hidden}origins = ["
    for each in project.origins:
        places = ", ".join(each.places[:3])
        yield f"{hidden}  {_text(each.origin)},  # {_plain(places)}"
    yield f"{hidden}]"


def _line(key: str, given: Iterable[str], otherwise: Iterable[str], why: str) -> Iterator[str]:
    items = tuple(given)
    if items:
        yield f"{key} = [{', '.join(map(_text, items))}]"
    else:
        yield f"# {key} = [{', '.join(map(_text, otherwise))}]  # {why}"


def _text(text: str) -> str:
    """Return `text` as a string of TOML, whose escapes are those of JSON; U+007F is escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _plain(text: str) -> str:
    return "".join(character if character.isprintable() else "\ufffd" for character in text)
