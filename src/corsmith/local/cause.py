"""Why a call is blocked, as `corsmith check` says it: the rule, its message, and the line where one would edit."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from corsmith.api.caller import CallerFlags
from corsmith.api.cell import Cell
from corsmith.api.exchange import Headers, Request, Response, values
from corsmith.api.finding import Finding
from corsmith.api.model import FrontDoor
from corsmith.api.span import locate
from corsmith.api.tree import Tree, Unreadable
from corsmith.project.check import Question, check
from corsmith.project.disk import Disk
from corsmith.readers import Settings

from .inner import inner_path

_BROWSERS_OWN = (
    "accept",
    "access-control-",
    "cache-control",
    "connection",
    "content-length",
    "cookie",
    "dnt",
    "host",
    "origin",
    "pragma",
    "priority",
    "referer",
    "sec-",
    "user-agent",
)
"""Headers that a page does not set, by the beginnings of their names."""


class Cause(Struct, frozen=True):
    """What is at fault. `place` is "template.yaml:12", "" where there is none."""

    rule: str
    message: str
    place: str


def cause(
    front_door: FrontDoor, request: Request, response: Response, error: str | None, settings: Settings
) -> Cause | None:
    """Return what `check` finds at fault for the call that `request` belongs to, None where it does not know.

    `error` is Chromium's name of what the browser objects to.
    """
    tree = Tree(Disk())
    try:
        checked = check(tree, Question((front_door.span.file,), _flags(front_door, request), settings))
    except Unreadable:
        return None
    alike = [
        (cell.verdict.error != error, cell.exchanges[-1].response.status != response.status, group.finding)
        for group in checked.groups
        for cell in group.cells
        if cell.route.front_door.name == front_door.name and _is_alike(cell, request)
    ]
    if not alike:
        return None
    other, _, finding = min(alike, key=lambda each: each[:2])
    # Code that does otherwise than could be read may still be at fault for what was read; of several nobody knows which.
    return None if other and len({each[2].rule for each in alike}) > 1 else _cause(finding, tree)


def _flags(front_door: FrontDoor, request: Request) -> CallerFlags:
    origin = next(iter(values(request.headers, "origin")), "null")
    announced = next(iter(values(request.headers, "access-control-request-method")), None)
    preflight = request.method == "OPTIONS" and announced is not None
    return CallerFlags(
        origins=(origin,),
        methods=(announced if preflight and announced else request.method,),
        headers=tuple(_announced(request) if preflight else _own(request)),
        credentials=bool(values(request.headers, "cookie")),
        path=inner_path(front_door, request.url),
    )


def _announced(request: Request) -> Headers:
    names = ",".join(values(request.headers, "access-control-request-headers")).split(",")
    # Of values that would not be announced the browser says nothing.
    return tuple((name.strip(), "application/json" if "type" in name else "x") for name in names if name.strip())


def _own(request: Request) -> Iterator[tuple[str, str]]:
    for name, value in request.headers:
        if not name.lower().startswith(_BROWSERS_OWN):
            yield name, value


def _is_alike(cell: Cell, request: Request) -> bool:
    kind = "preflight" if values(request.headers, "access-control-request-method") else "request"
    return bool(cell.exchanges) and cell.exchanges[-1].kind == kind


def _cause(finding: Finding, tree: Tree) -> Cause:
    place = ""
    if finding.spans:
        where = locate(finding.spans[0], tree.read(finding.spans[0].file))
        place = f"{where.file}:{where.line}"
    return Cause(finding.rule, finding.message, place)
