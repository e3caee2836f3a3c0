"""cors-config-on-wrong-resource: the CORS setting stands where it has no effect, or is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from corsmith.api.alb import Alb
from corsmith.api.finding import Category, Severity
from corsmith.api.fix import Edit, Fix
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi
from corsmith.api.model import Api, FrontDoor, Refused, Stray
from corsmith.api.span import Span
from corsmith.api.tree import Tree
from corsmith.api.value import Known
from corsmith.fixes.lists import remove_setting
from corsmith.fixes.moving import one_after_the_other
from corsmith.fixes.templates import configure_cors as configure

from .blocked import ALLOW_ORIGIN, Blocked
from .proposals import configure_cors, lets_everybody_in
from .rule import Diagnosis, Found, Rule, no_fix

_SETTINGS = frozenset(("Cors", "CorsConfiguration"))


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain calls that nobody answers for, where the settings that should have done it stand elsewhere."""
    door = blocked.front_door
    if isinstance(door, Alb) or blocked.cell.situation or _has_settings(door):
        return None
    # A gateway response may have the header, and is no answer to a preflight all the same.
    if blocked.values(ALLOW_ORIGIN) and blocked.made_by != "gateway":
        return None
    if blocked.made_by == "handler" and any(blocked.code_says()):
        return None
    names = {door.name, blocked.function.name if blocked.function is not None else door.name}
    for stray in blocked.cell.api.strays:
        if not stray.known and names & set(stray.doors):
            return _passed_over(blocked, stray)
    for refused in blocked.cell.api.refused:
        if misplaced(refused) and (refused.api in names or refused.api.startswith("Globals.")):
            return _diagnosis(refused, partial(_moved, blocked, refused), door.span)
    return None


def inspect(api: Api, tree: Tree, origins: tuple[str, ...]) -> Iterator[Found]:
    """Find CORS settings for which the template is refused, and those that concern no API at all."""
    del origins
    by_name = {front_door.name: front_door for front_door in api.front_doors}
    for refused in api.refused:
        if misplaced(refused):
            yield by_name.get(refused.api), _diagnosis(refused, partial(_without, tree, refused))
    for stray in api.strays:
        if not stray.doors:
            yield None, Diagnosis(_sentence(stray), (stray.span,), no_fix, severity=Severity.INFO)


def misplaced(refused: Refused) -> bool:
    """Say whether a refusal is of a CORS setting on a resource that has none of that name."""
    return refused.what == "misplaced" and refused.key in _SETTINGS


def _has_settings(door: FrontDoor) -> bool:
    return isinstance(door, HttpApi | FunctionUrl) and door.cors != Known(None)


def _passed_over(blocked: Blocked, stray: Stray) -> Diagnosis:
    door = blocked.front_door
    return Diagnosis(
        f"{_sentence(stray)} So {door.name} answers without CORS headers. Set it on {door.name}.",
        (stray.span, door.span),
        lambda: configure_cors(blocked),
    )


def _moved(blocked: Blocked, refused: Refused) -> Iterator[Fix]:
    """Configure CORS where pages call, and take the setting out that was meant to do it."""
    door, api = blocked.front_door, blocked.cell.api

    def configured(tree: Tree) -> tuple[Edit, ...]:
        return next((edits for edits in configure(tree, api, door, blocked.wanted) if edits), ())

    gone = remove_setting(blocked.tree, refused.span)
    edits = one_after_the_other(blocked.tree, gone, configured)
    if edits:
        # Who wrote `*` may have meant everybody.
        open_ = any("*" in blocked.tree.read(edit.file)[edit.start : edit.end] for edit in gone)
        safe = not open_ and not lets_everybody_in(blocked, edits)
        yield Fix(f"Move the CORS settings to {door.name}, for the pages that call it", safe, edits)


def _without(tree: Tree, refused: Refused) -> Iterator[Fix]:
    """Take out what never had an effect: the template was refused for it."""
    edits = remove_setting(tree, refused.span)
    if edits:
        yield Fix(f"Take {refused.key} out: {refused.by} refuses it there", safe=False, edits=edits)


def _diagnosis(refused: Refused, fixes: Callable[[], Iterator[Fix]], *more: Span) -> Diagnosis:
    message = f"{refused.message} {refused.by} refuses the template. Move the setting to the API that pages call."
    return Diagnosis(message, (refused.span, *more), fixes)


def _sentence(stray: Stray) -> str:
    return f"{stray.because[:1].upper()}{stray.because[1:]}."


RULE = Rule(
    "cors-config-on-wrong-resource",
    Category.BLOCKED,
    "the CORS setting sits where it has no effect (wrong API kind, wrong level, a place the tool ignores)",
    explain,
    inspect,
)
