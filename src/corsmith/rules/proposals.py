"""What would repair a blocked cell: fixes that rules propose, each tried before it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corsmith.api.cloudfront import CacheBehavior
from corsmith.api.fix import Edit, Fix
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi, HttpRoute
from corsmith.api.rest_api import Mock, RestApi, RestMethod
from corsmith.api.span import Span
from corsmith.api.tree import Tree
from corsmith.browser import parse_origin
from corsmith.fixes import code, templates
from corsmith.fixes.cloudformation import ALL_VIEWER_EXCEPT_HOST
from corsmith.fixes.code_lists import remove_literal
from corsmith.fixes.cors_settings import add_setting
from corsmith.fixes.lists import add_to_list, remove_from_list
from corsmith.fixes.literals import TEMPLATES, replace_item, write_text
from corsmith.fixes.python_headers import replace_text

from .answers import headers
from .blocked import ALLOW_ORIGIN, Blocked
from .code_proposals import answer_at_first, given
from .refused import listed
from .settings import FIELDS, cors_settings, set_at


def configure_cors(blocked: Blocked) -> Iterator[Fix]:
    """Give the front door CORS settings; where the code sends headers that would double, take them out too."""
    door, api = blocked.front_door, blocked.cell.api
    for edits in templates.configure_cors(blocked.tree, api, door, blocked.wanted):
        if edits:
            safe = not lets_everybody_in(blocked, edits)
            yield from _alone(blocked, Fix(f"Configure CORS on {door.name}", safe=safe, edits=edits))


def lets_everybody_in(blocked: Blocked, edits: tuple[Edit, ...]) -> bool:
    """Say whether `edits` write `*` because one literal has to serve several pages: that needs thought."""
    return len(blocked.wanted.origins) > 1 and any(_STAR.search(edit.text) for edit in edits)


_STAR = re.compile(r"['\"]\*['\"]|: \*$", re.MULTILINE)


def _alone(blocked: Blocked, fix: Fix) -> Iterator[Fix]:
    """Yield a fix of a front door's settings; behind a Function URL first with the code's headers, which would double."""
    removals: dict[Edit, None] = {}
    for outcome in blocked.code_says() if isinstance(blocked.front_door, FunctionUrl) else ():
        removals |= dict.fromkeys(next(code.remove_headers(blocked.tree, outcome), ()))
    if removals:
        title = f"{fix.title}, and take the CORS headers out of the code"
        yield Fix(title, fix.safe, (*fix.edits, *removals))
    yield fix
    # A Function URL says nothing where one of its lists does not fit: what else it lacks is hidden.
    if isinstance(blocked.front_door, FunctionUrl) and cors_settings(blocked) is not None:
        more = _all_that_lacks(blocked)
        if more.edits and not set(more.edits) & set(fix.edits):
            yield Fix(f"{fix.title}, and {more.title[0].lower()}{more.title[1:]}", fix.safe, (*fix.edits, *more.edits))


def add_options_route(blocked: Blocked, route: HttpRoute) -> Iterator[Fix]:
    """Give preflights a route without the authorizer."""
    edits = templates.options_route(blocked.tree, blocked.cell.api, blocked.front_door, route)
    if edits:
        yield Fix("Add an OPTIONS route without the authorizer", safe=True, edits=edits)
        more = answer_at_first(blocked)
        if more:
            title = "Add an OPTIONS route without the authorizer, and answer OPTIONS in the code"
            yield Fix(title, safe=True, edits=(*edits, *more))


def add_headers(blocked: Blocked) -> Iterator[Fix]:
    """Give the code's response the headers, as its other responses have them."""
    if blocked.outcome is not None:
        for edits in code.add_headers(blocked.tree, blocked.outcome, blocked.wanted, given(blocked)):
            safe = not lets_everybody_in(blocked, edits)
            yield Fix("Add the CORS headers to this response", safe=safe, edits=edits)


def remove_headers(blocked: Blocked) -> Iterator[Fix]:
    """Let the front door alone send the headers."""
    if blocked.outcome is not None:
        for edits in code.remove_headers(blocked.tree, blocked.outcome):
            if edits:
                yield Fix("Take the CORS headers out of the code", safe=True, edits=edits)


def name_origins(blocked: Blocked) -> Iterator[Fix]:
    """Put the pages' origins in the place of a wildcard, and allow credentials in the same place."""
    wanted = blocked.wanted
    names = ", ".join(wanted.origins)
    for span in set_at(blocked, ALLOW_ORIGIN):
        if "*" not in blocked.tree.read(span.file)[span.start : span.end]:
            continue
        edits = replace_item(blocked.tree, span, wanted.origins)
        if edits:
            more = _credentials_beside(blocked, edits)
            if more:
                yield Fix(f"Allow {names} with credentials instead of *", safe=False, edits=(*edits, *more))
            yield Fix(f"Allow {names} instead of *", safe=False, edits=edits)


def name_origins_at(tree: Tree, span: Span | None, origins: tuple[str, ...]) -> Iterator[Fix]:
    """Put the pages' origins in the place of the wildcard at `span`."""
    edits = replace_item(tree, span, origins) if span is not None else ()
    if edits:
        yield Fix(f"Allow {', '.join(origins)} instead of a wildcard", safe=False, edits=edits)


def name_items(blocked: Blocked, header: str) -> Iterator[Fix]:
    """Name the methods or headers of credentialed calls in the place of `*`."""
    items = blocked.wanted.methods if header.endswith("methods") else blocked.wanted.headers
    for span in set_at(blocked, header):
        edits = replace_item(blocked.tree, span, items) or replace_item(blocked.tree, span, (",".join(items),))
        if edits:
            yield Fix(f"Name {', '.join(items)} instead of *", safe=False, edits=edits)


def name_one_origin(blocked: Blocked) -> Iterator[Fix]:
    """Put the one origin that calls in the place of a list in one text."""
    if len(blocked.wanted.origins) == 1:
        origin = blocked.wanted.origins[0]
        for old in blocked.values(ALLOW_ORIGIN):
            for span in set_at(blocked, ALLOW_ORIGIN):
                edits = write_text(blocked.tree, span, old, origin) or replace_text(blocked.tree, span, old, origin)
                if edits:
                    yield Fix(f"Write {origin} instead of the list", safe=False, edits=edits)


def allow_origin(blocked: Blocked) -> Iterator[Fix]:
    """Let the page's origin in: beside the others of a list, or in the place of a text that is no origin at all.

    To replace an origin that another page may have needs thought.
    """
    origin = blocked.cell.caller.origin
    spans = set_at(blocked, ALLOW_ORIGIN)
    for old in blocked.values(ALLOW_ORIGIN):
        known = parse_origin(old)
        useless = known is None or str(known) != old
        for span in spans:
            edits = write_text(blocked.tree, span, old, origin) or replace_text(blocked.tree, span, old, origin)
            if edits:
                safe = useless and not _is_shared(blocked, span)
                yield from _alone(blocked, Fix(f"Write {origin} instead of {old}", safe=safe, edits=edits))
    if isinstance(blocked.front_door, HttpApi | FunctionUrl):
        yield from add_to_allowed(blocked, ALLOW_ORIGIN, origin)
    yield from _let_every_page_in(blocked, spans)


def _let_every_page_in(blocked: Blocked, spans: tuple[Span, ...]) -> Iterator[Fix]:
    """Write `*` where a literal of a REST API has to serve several pages that send no credentials: it can name one."""
    several = len(blocked.wanted.origins) > 1 and not blocked.wanted.credentials
    if not several or blocked.made_by not in ("mock", "gateway") or not isinstance(blocked.front_door, RestApi):
        return
    for old in blocked.values(ALLOW_ORIGIN):
        for span in spans:
            edits = write_text(blocked.tree, span, f"'{old}'", "'*'") or replace_text(blocked.tree, span, old, "*")
            if edits:
                yield Fix("Allow every page: a REST API's literal names one, and several call", safe=False, edits=edits)


def _is_shared(blocked: Blocked, span: Span) -> bool:
    """Say whether what the code sends stands in a template: as a variable, which others may read for something else."""
    return blocked.made_by == "handler" and span.file.endswith(TEMPLATES)


def add_to_allowed(blocked: Blocked, header: str, item: str) -> Iterator[Fix]:
    """Add `item`, and what else its calls lack, to the list that the CORS header `header` is made from."""
    items = tuple(dict.fromkeys((item, *_lacking(blocked, header))))
    for edits in _additions(blocked, header, items):
        if edits:
            yield from _alone(blocked, Fix(f"Add {', '.join(items)} to {_title(header)}", safe=True, edits=edits))
    # A front door that says nothing where one of its lists does not fit may lack something in each of them.
    if isinstance(blocked.front_door, HttpApi | FunctionUrl):
        yield from _alone(blocked, _all_that_lacks(blocked))


def _all_that_lacks(blocked: Blocked) -> Fix:
    edits: list[Edit] = []
    added: list[str] = []
    for name in _NAMED:
        items = _lacking(blocked, name)
        more = next((each for each in _additions(blocked, name, items) if each), ()) if items else ()
        edits += more
        added += items if more else ()
    return Fix(f"Allow {', '.join(added)} on {blocked.front_door.name}", safe=True, edits=tuple(edits))


_NAMED = (ALLOW_ORIGIN, "access-control-allow-methods", "access-control-allow-headers")


def _lacking(blocked: Blocked, header: str) -> tuple[str, ...]:
    """Return what the calls need and the list does not hold, by the answer or by the front door's settings."""
    wanted = blocked.wanted
    needed = {_NAMED[0]: wanted.origins, _NAMED[1]: wanted.methods, _NAMED[2]: wanted.headers}[header]
    there = {part.strip().lower() for value in blocked.values(header) for part in value.split(",")}
    there |= {each.lower() for each in listed(blocked, FIELDS[header])}
    return () if "*" in there else tuple(each for each in needed if each.lower() not in there)


def _additions(blocked: Blocked, header: str, items: tuple[str, ...]) -> Iterator[tuple[Edit, ...]]:
    """Yield ways to add `items`: to the list that there is, to the settings, to the mock, to the code's headers."""
    tree, settings, door = blocked.tree, settings_of(blocked), blocked.front_door
    yield add_to_list(tree, set_at(blocked, header), items)
    if settings is not None:
        yield add_setting(tree, blocked.cell.api, door, settings, header, blocked.wanted)
    if isinstance(blocked.takes, RestMethod) and isinstance(blocked.takes.integration, Mock):
        yield templates.map_headers(tree, blocked.cell.api, blocked.takes, {_title(header): f"'{','.join(items)}'"})
    for name, _, holder in headers(blocked.outcome) if blocked.outcome is not None else ():
        if name.lower() == ALLOW_ORIGIN and holder.span is not None:
            yield code.add_header(tree, holder.span, _title(header), ", ".join(items))


def _title(header: str) -> str:
    return "-".join(word.capitalize() for word in header.split("-"))


def replace(blocked: Blocked, spans: tuple[Span, ...], old: str, new: str) -> Iterator[Fix]:
    """Replace a piece of the text at one of `spans`."""
    for span in spans:
        edits = write_text(blocked.tree, span, old, new) or replace_text(blocked.tree, span, old, new)
        if edits:
            yield from _alone(blocked, Fix(f"Write {new} instead of {old}", safe=True, edits=edits))


def remove_item(tree: Tree, span: Span, item: str) -> Iterator[Fix]:
    """Take the item at `span` out of its list in the template."""
    edits = remove_from_list(tree, span) if span.file.endswith(TEMPLATES) else remove_literal(tree, span)
    if edits:
        yield Fix(f"Take {item} out", safe=True, edits=edits)


def forward_all(blocked: Blocked, behavior: CacheBehavior) -> Iterator[Fix]:
    """Let a distribution hand on all that the viewer sends but Host; settings of the older kind need a person."""
    api = blocked.cell.api
    policy = ("OriginRequestPolicyId", ALL_VIEWER_EXCEPT_HOST)
    if behavior.forwarded.span is None or behavior.forwarded.span != behavior.cache_key.span:
        edits = templates.set_in(blocked.tree, api, behavior.span, *policy)
        if edits:
            yield Fix("Forward everything but Host (AllViewerExceptHostHeader)", safe=True, edits=edits)


def settings_of(blocked: Blocked) -> Span | None:
    """Return where the front door's CORS settings, or the shorthand that makes its OPTIONS methods, stand."""
    front_door = blocked.front_door
    return front_door.cors_span if isinstance(front_door, RestApi) else cors_settings(blocked)


def _credentials_beside(blocked: Blocked, edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """Return the edits that add Allow-Credentials to the code's headers that `edits` touches, where it lacks."""
    if blocked.outcome is None or not blocked.wanted.credentials:
        return ()
    if any(name.lower() == "access-control-allow-credentials" for name, _, _ in headers(blocked.outcome)):
        return ()
    for more in code.allow_credentials(blocked.tree, edits[0]):
        return more
    return ()
