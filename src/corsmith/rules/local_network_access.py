"""local-network-access: a public page calls a private address, for which the browser asks its user."""

from __future__ import annotations

from corsmith.api.alb import Alb
from corsmith.api.cell import Cell
from corsmith.api.finding import Category, Severity
from corsmith.api.rest_api import RestApi
from corsmith.api.tree import Tree
from corsmith.api.value import Known
from corsmith.browser.origin import is_loopback, is_private
from corsmith.browser.url import parse_url

from .passed import remarks
from .rule import Diagnosis, Rule, no_fix


def advise(cell: Cell, tree: Tree) -> Diagnosis | None:
    """Remark on pages of public sites that call a load balancer or an API inside the private network."""
    del tree
    text = remarks(cell).get("local-network-access")
    if text is None and (not _inside(cell) or not _is_public(cell.caller.origin)):
        return None
    front_door = cell.route.last.front_door
    said = text or (
        f"{front_door.name} has an address inside the private network, and {cell.caller.origin} may be a public page: "
        "Chromium then asks the user for permission before the first call, and a page in a frame needs it handed on."
    )
    return Diagnosis(said, (front_door.span,), no_fix, severity=Severity.INFO)


def _inside(cell: Cell) -> bool:
    front_door = cell.route.last.front_door
    private = front_door.private if isinstance(front_door, RestApi | Alb) else Known(False)
    return isinstance(private, Known) and private.value


def _is_public(origin: str) -> bool:
    url = parse_url(origin)
    return url is not None and url.host is not None and not (is_loopback(url.host) or is_private(url.host))


RULE = Rule(
    "local-network-access",
    Category.ADVICE,
    "a deployed page calling localhost or a private address needs the browser's permission",
    advise=advise,
)
