"""The calls of the project's own pages, and the routes that they go to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from posixpath import dirname, normpath
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from corsmith.api.cell import Route
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpRoute
from corsmith.api.model import Api, FrontDoor
from corsmith.api.page_call import Hole, PageCall
from corsmith.api.rest_api import RestMethod
from corsmith.api.tree import Tree
from corsmith.api.value import Known

_FILES_AT_MOST = 4_000
_OF_AWS = (".amazonaws.com", ".on.aws", ".cloudfront.net")
_HERE = frozenset({"localhost", "127.0.0.1", "0.0.0.0", "[::1]"})  # noqa: S104 - an address in a page's code
_PLACEHOLDER = re.compile(r"your|xxx|example|change|replace|placeholder|[<{]", re.IGNORECASE)
_NAMES_AN_API = re.compile(
    r"api|url|uri|endpoint|lambda|backend|function|gateway|server|host|base|origin", re.IGNORECASE
)
_ANSWERS = re.compile(r"access-control-(allow|expose|max)-", re.IGNORECASE)

SCRIPTS = (".js", ".mjs", ".ts", ".mts", ".jsx", ".tsx", ".html", ".htm", ".vue", ".svelte")
"""How the names of files end that may hold the code of pages."""

Segment = str | None
"""One part of a path; None: not known, or a parameter."""

Paths = tuple[tuple[str, tuple[Segment, ...]], ...]
"""Methods ("ANY" too) and paths."""


class Told(Struct, frozen=True):
    """A page's call, as far as its address is known. `root`: nothing of its path is written in the code.

    `door`: the kind of front door that its host is one of, "" where that is not known. `claimed`: a route is declared
    for its very path, so that what takes any path is not meant.
    """

    call: PageCall
    segments: tuple[Segment, ...]
    root: bool
    door: str = ""
    claimed: bool = False


def pages_near(tree: Tree, target: str) -> tuple[str, ...]:
    """Return the files among which the pages of a project are: those under a folder, or beside a template."""
    folder = dirname(target) or "." if tree.is_file(target) else target
    return tree.list(normpath(folder))[:_FILES_AT_MOST]


class NoPages(Struct, frozen=True):
    """What of a project no browser runs: the files of handlers, and the folders that hold nothing but functions' code."""

    files: frozenset[str]
    folders: tuple[str, ...]


def no_pages(apis: Iterable[Api], sources: Iterable[str]) -> NoPages:
    """Return what no browser runs. `sources` are the files that functions' code was read from."""
    folders = sorted({f"{each}/" for api in apis for each in _code_folders(api)})
    return NoPages(frozenset(sources), tuple(folders))


def sent_by_pages(tree: Tree, near: Iterable[str], but: NoPages) -> tuple[PageCall, ...]:
    """Return the calls by scripts among the files `near`."""
    from corsmith.handlers.pages import page_calls  # here, because most projects have no pages beside their templates

    return page_calls(tree, tuple(path for path in near if path not in but.files and not path.startswith(but.folders)))


def called(calls: Iterable[PageCall], api: Api, named: Paths, sites: Iterable[str]) -> tuple[Told, ...]:
    """Return which of the pages' calls may come to an API. `sites` are the pages' origins.

    `named` are the paths that the project's templates declare: a call to one of them is no call to what takes any path,
    in another template.
    """
    own = {_site(origin) for origin in sites}
    stages = {
        str(stage.name.value)
        for door in api.front_doors
        for stage in getattr(door, "stages", ())
        if isinstance(stage.name, Known)
    }
    found = (_told(call, own, stages) for call in calls)
    return tuple(replace(each, claimed=_is_claimed(each, named)) for each in found if each is not None)


def named_paths(apis: Iterable[Api]) -> Paths:
    """Return the methods and paths that the templates of a project declare one by one."""
    return tuple(each for api in apis for door in api.front_doors for each in _declared(door))


def _declared(door: FrontDoor) -> Iterator[tuple[str, tuple[Segment, ...]]]:
    """Yield the methods and paths that a front door declares one by one."""
    for each in (*getattr(door, "routes", ()), *getattr(door, "methods", ())):
        verb = str(getattr(each, "method", getattr(each, "verb", "ANY"))).upper()
        if each.path != "$default" and not each.path.endswith("+}") and verb != "OPTIONS":
            yield verb, _parts(each.path)


def _parts(path: str) -> tuple[Segment, ...]:
    return tuple(None if part.startswith("{") else part for part in path.split("/") if part)


def _is_claimed(told: Told, patterns: Paths) -> bool:
    return told.door != "function_url" and any(
        verb in ("ANY", told.call.method) and pattern and _fits(told.segments, pattern) for verb, pattern in patterns
    )


def _code_folders(api: Api) -> Iterator[str]:
    """Yield the folders that hold nothing but a function's code."""
    root = normpath(dirname(api.file) or ".")
    for function in api.functions:
        if isinstance(function.code, Known):
            folder = normpath(str(function.code.value))
            if folder not in (".", root) and not f"{root}/".startswith(f"{folder}/"):
                yield folder


def _site(origin: str) -> str:
    host = urlsplit(origin).hostname or origin
    return ".".join(host.split(".")[-2:])


def _told(call: PageCall, sites: set[str], stages: set[str]) -> Told | None:
    """Return a call with the path that it asks for; None where it goes to the page's own origin, or to others."""
    door = ""
    whole = "".join("\0" if isinstance(piece, Hole) else piece for piece in call.url)
    names = [piece.name for piece in call.url if isinstance(piece, Hole)]
    address = re.split(r"[?#]", whole)[0]
    if address.startswith(("http://", "https://", "//")):
        host, _, path = address.partition("//")[2].partition("/")
        if "\0" not in host and not _is_ours(host, sites):
            return None
        door = _door_of(host)
        if path.partition("/")[0] in stages:
            path = path.partition("/")[2]
    elif address.startswith("/"):
        return None
    else:
        base, slash, path = address.partition("/")
        if not slash and base.count("\0") > 1:
            return None
        if not slash and not (names and _NAMES_AN_API.search(names[0])):
            return None
    segments = tuple(
        None if "\0" in each or re.fullmatch(r":\w+|\{\w+\}", each) else each for each in path.split("/") if each
    )
    return Told(call, segments, not segments, door)


def _door_of(host: str) -> str:
    name = host.partition(":")[0].lower()
    if ".lambda-url." in name:
        return "function_url"
    return "api" if ".execute-api." in name else ""


def _comes_to(told: Told, door: FrontDoor, *, any_path: bool) -> bool:
    """Say whether a call may come to a front door. `any_path`: what would take it there takes any path."""
    kind = "function_url" if isinstance(door, FunctionUrl) else "api"
    return told.door in ("", kind) and not (any_path and told.claimed)


def _is_ours(host: str, sites: set[str]) -> bool:
    name = host.rpartition("@")[2].partition(":")[0].lower()
    if name in _HERE or name.endswith(_OF_AWS) or _PLACEHOLDER.search(name):
        return True
    return ".".join(name.split(".")[-2:]) in sites


def to_route(route: Route, calls: tuple[Told, ...], *, alone: bool) -> tuple[PageCall, ...]:
    """Return the calls that go to `route`. `alone`: its front door serves no other path."""
    pattern, door = _pattern(route), route.last.front_door
    path = str(getattr(route.last.declared, "path", "$default"))
    any_path = path == "$default" or path.endswith("+}")
    return tuple(
        each.call
        for each in calls
        if each.call.method == route.method
        and _comes_to(each, door, any_path=any_path)
        and (_fits(each.segments, pattern) or (each.root and alone))
    )


def _pattern(route: Route) -> tuple[Segment, ...]:
    declared = route.last.declared
    path = declared.path if isinstance(declared, HttpRoute | RestMethod) else ""
    if isinstance(declared, FunctionUrl) or not path or path == "$default" or path.endswith("+}"):
        # The router's `/items/{id}` is called as `/items/1`; an example of all paths is none of a page's.
        stands_in = route.last.path == re.sub(r"\{[^}]*\}", "1", path) if path.endswith("+}") else False
        path = route.last.path if stands_in else re.sub(r"(?<=/)1(?=/|$)", "{}", route.last.path)
    return _parts(path)


def _fits(segments: tuple[Segment, ...], pattern: tuple[Segment, ...]) -> bool:
    """Say whether a path is the pattern, or has a stage or a mapped part before it."""
    for start in (0, 1):
        rest = segments[start:]
        if len(rest) == len(pattern) and all(
            one is None or (given is not None and given == one) for given, one in zip(rest, pattern, strict=True)
        ):
            return len(rest) > 0 or start == 0
    return False


def named_by(calls: tuple[Told, ...], pattern: str, door: FrontDoor) -> Iterator[tuple[str, str]]:
    """Yield the methods and paths that pages call, for a route of `door` that takes all of them, or all below a path."""
    whole = pattern == "$default"
    before = () if whole else tuple(part for part in pattern.split("{")[0].split("/") if part)
    for each in calls:
        if not _comes_to(each, door, any_path=True):
            continue
        for start in (0, 1):
            rest = each.segments[start:]
            if rest[: len(before)] == before and len(rest) > len(before):
                yield each.call.method, "/" + "/".join("1" if part is None else part for part in rest)
                break
        else:
            if each.root and whole:
                yield each.call.method, "/"


def methods_to(calls: tuple[Told, ...], path: str) -> Iterator[str]:
    """Yield the methods with which pages call a path of the front door, for what takes any."""
    pattern = _parts(path)
    yield from (
        each.call.method
        for each in calls
        if each.call.method not in ("OPTIONS", "HEAD") and _fits(each.segments, pattern)
    )


def is_answer(name: str) -> bool:
    """Say whether a header of this name is one that servers send, and pages cannot."""
    return _ANSWERS.match(name) is not None
