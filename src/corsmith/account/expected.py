"""What is expected of the calls to an account's addresses: one verdict for each route and caller."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from corsmith.api.caller import Caller
from corsmith.api.cell import Cell, Route
from corsmith.api.function_url import FunctionUrl
from corsmith.api.value import Known
from corsmith.gateways import base_url
from corsmith.project.check import Checked

from .addresses import addressed
from .links import Deployed
from .snapshot import Place
from .writing import Document


class Expected(Struct, frozen=True):
    """What the model expects of a call that nothing disturbs. `verdict`: "allowed", "blocked" or "undecided".

    `at_preflight`: it is blocked before the request itself is sent. `found` takes a finding about it.
    """

    place: Place
    door: str
    front_door: str
    api: str
    route: str
    url: str
    caller: Caller
    verdict: str
    error: str | None
    at_preflight: bool
    deployed: Deployed | None


def expectations(place: Place, door: str, written: Document, checked: Checked | None) -> Iterator[Expected]:
    """Yield what is expected of each route's calls, the worst that can come of them. `door` is the ARN of the front door."""
    if checked is None:
        return
    real = addressed(written, checked)
    calls: dict[tuple[str, str, Caller], list[Cell]] = {}
    for cell in checked.cells:
        if not cell.situation:
            calls.setdefault((cell.route.front_door.name, cell.route.label, cell.caller), []).append(cell)
    for (name, label, caller), cells in calls.items():
        route = cells[0].route
        refused = [cell for cell in cells if cell.undecided is None and not cell.verdict.allowed]
        first = refused[0] if refused else None
        at_preflight = first is not None and bool(first.exchanges) and first.exchanges[-1].kind == "preflight"
        yield Expected(
            place,
            door,
            route.front_door.kind,
            name,
            label,
            real(base_url(route.front_door) + route.path),
            caller,
            _verdict(cells, len(refused), at_preflight=at_preflight),
            str(first.verdict.error) if first is not None else None,
            at_preflight,
            written.deployed(route.declared.span),
        )


def _verdict(cells: list[Cell], refused: int, *, at_preflight: bool) -> str:
    open_ones = any(cell.undecided is not None for cell in cells) or 0 < refused < len(cells)
    # Whom an authorizer or a key admits is not known here: nobody calls with credentials that are good.
    if open_ones or (not at_preflight and _is_guarded(cells[0].route)):
        return "undecided"
    return "blocked" if refused else "allowed"


def _is_guarded(route: Route) -> bool:
    declared = route.declared
    if isinstance(declared, FunctionUrl):
        return declared.auth_type != Known("NONE", declared.auth_type.span)
    guard = getattr(declared, "authorizer", None)
    open_to_all = guard is None or (isinstance(guard, Known) and guard.value is None)
    key = getattr(declared, "api_key_required", Known(False))
    return not open_to_all or not (isinstance(key, Known) and key.value is False)
