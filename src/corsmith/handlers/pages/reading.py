"""Reads the scripts of a project's pages, and lists the calls that they make."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct, field
from tree_sitter import Node

from corsmith.api.page_call import Hole, PageCall, SentHeader
from corsmith.api.tree import Tree, Unreadable

from .evaluating import Evaluator
from .modules import FUNCTIONS, Module, modules_of, said
from .recognising import VERBS
from .request import Request, under
from .scripts import is_candidate, may_call
from .shapes import member_path
from .values import UNKNOWN, Client, Entry, Function, Object, Plain, Text, Value, holds_parameter, text
from .wrapping import Sent, Wrapping

_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_CALLS_AT_MOST = 2_000


class Defaults(Struct):
    """What is set for every request of a client: `axios.defaults`, interceptors."""

    headers: dict[str, Entry] = field(default_factory=dict)
    credentials: bool = False
    base: Value = UNKNOWN


def page_calls(tree: Tree, paths: Sequence[str]) -> tuple[PageCall, ...]:
    """Return the calls of the scripts among `paths`: of files that a browser may run. Never raises for what they hold."""
    texts = dict(_texts(tree, paths))
    making = [path for path, text in texts.items() if may_call(text)]
    if not making:
        return ()
    evaluator = Evaluator(modules_of(tree))
    wrapping = Wrapping(evaluator, tuple(texts), texts)
    defaults = _defaults(evaluator, making)
    found: dict[PageCall, None] = {}
    for path in making:
        module = evaluator.modules.module(path)
        for node in module.calls if module is not None else ():
            if module is None or len(found) > _CALLS_AT_MOST:
                break
            for sent in wrapping.sent(node, module):
                call = _call(sent, evaluator, defaults)
                if call is not None:
                    found[call] = None
    return tuple(found)


def _texts(tree: Tree, paths: Sequence[str]) -> Iterator[tuple[str, str]]:
    for path in paths:
        if is_candidate(path):
            try:
                yield path, tree.read(path)
            except Unreadable:
                continue


def _call(sent: Sent, evaluator: Evaluator, defaults: dict[str, Defaults]) -> PageCall | None:
    request = sent.request
    method = request.method.plain if isinstance(request.method, Text) else None
    verb = "GET" if method is None and not holds_parameter(request.method) else (method or "").upper()
    if verb.lower() not in VERBS:
        return None
    key = _key_of(request, evaluator, sent.module) if request.by == "axios" else request.by
    set_for_all = defaults.get(key, Defaults())
    url = text(request.url)
    if set_for_all.base is not UNKNOWN and not (url.plain or "x").startswith("http") and isinstance(url.pieces[0], str):
        url = text(under(set_for_all.base, url))
    headers: dict[str, SentHeader] = {}
    span = sent.at_module.span(sent.at)
    kind = request.kind
    for layer in (Object(set_for_all.headers), *request.headers):
        for name, entry in layer.entries.items() if isinstance(layer, Object) else ():
            if _TOKEN.fullmatch(name) and not name.startswith("%") and not _is_absent(entry.value):
                headers[name.lower()] = SentHeader(name.lower(), _value(entry.value), entry.span)
    if kind and "content-type" not in headers:
        headers["content-type"] = SentHeader("content-type", kind, span)
    pieces = tuple(
        Hole(piece.name.lstrip("%0123456789.")) if isinstance(piece, Hole) else piece for piece in url.pieces
    )
    credentials = set_for_all.credentials or _is_set(request.credentials)
    return PageCall(span, request.by, verb, pieces, tuple(headers.values()), credentials)


def _value(value: Value) -> str | None:
    if isinstance(value, Plain):
        return str(value.value)
    return value.plain if isinstance(value, Text) else None


def _is_absent(value: Value) -> bool:
    return getattr(value, "name", "") == "undefined"


def _is_set(value: Value) -> bool:
    return (isinstance(value, Text) and value.plain == "include") or (
        isinstance(value, Plain) and value.value == "true"
    )


# Settings for every request


def _key_of(request: Request, evaluator: Evaluator, module: Module) -> str:
    callee = request.node.child_by_field_name("function")
    owner = (
        callee.child_by_field_name("object") if callee is not None and callee.type == "member_expression" else callee
    )
    found = evaluator.value(owner, module, {})
    return found.made if isinstance(found, Client) else ""


def _defaults(evaluator: Evaluator, paths: Sequence[str]) -> dict[str, Defaults]:
    """Return what is set for all requests of axios (""), and of each of its instances, by where it is made."""
    found: dict[str, Defaults] = {}
    for path in paths:
        module = evaluator.modules.module(path)
        if module is None:
            continue
        for each in module.assignments:
            left, right = each.child_by_field_name("left"), each.child_by_field_name("right")
            names = member_path(left) if left is not None else None
            if names is None or "defaults" not in names[1:3] or left is None:
                continue
            at = names.index("defaults")
            defaults = found.setdefault(_owner_of(left, at, len(names), evaluator, module), Defaults())
            rest = names[at + 1 :]
            if rest == ["baseURL"]:
                defaults.base = evaluator.value(right, module, {})
            elif rest == ["withCredentials"]:
                defaults.credentials = _is_set(evaluator.value(right, module, {}))
            elif rest[:1] == ["headers"] and len(rest) in (2, 3):
                defaults.headers[rest[-1]] = Entry(evaluator.value(right, module, {}), module.span(each))
        for call in module.calls:
            _intercepted(call, module, evaluator, found)
            _cloned(call, module, evaluator, found)
    return found


def _cloned(call: Node, module: Module, evaluator: Evaluator, found: dict[str, Defaults]) -> None:
    """Angular's interceptors: `request.clone({ setHeaders: { "X-A": a }, withCredentials: true })`."""
    callee = call.child_by_field_name("function")
    name = callee.child_by_field_name("property") if callee is not None else None
    if name is None or said(name) != "clone":
        return
    given = next(iter(evaluator.arguments(call, module, {})), UNKNOWN)
    if not isinstance(given, Object):
        return
    added = [value for value in (given.get("setHeaders"), given.get("headers")) if isinstance(value, Object)]
    if not added and given.get("withCredentials") is UNKNOWN:
        return
    defaults = found.setdefault("HttpClient", Defaults())
    for headers in added:
        defaults.headers.update(headers.entries)
    defaults.credentials = defaults.credentials or _is_set(given.get("withCredentials"))


def _owner_of(member: Node, at: int, length: int, evaluator: Evaluator, module: Module) -> str:
    """Return whose `defaults` are set: "" for axios itself, else where the instance is made."""
    owner: Node | None = member
    for _ in range(length - at):
        owner = owner.child_by_field_name("object") if owner is not None else None
    found = evaluator.value(owner, module, {})
    return found.made if isinstance(found, Client) else ""


def _intercepted(call: Node, module: Module, evaluator: Evaluator, found: dict[str, Defaults]) -> None:
    """`api.interceptors.request.use((config) => { config.headers["X-A"] = a; return config })`."""
    callee = call.child_by_field_name("function")
    if callee is None or not said(callee).replace("?.", ".").endswith(".interceptors.request.use"):
        return
    owner = callee
    for _ in range(3):
        inner = owner.child_by_field_name("object")
        if inner is None:
            return
        owner = inner
    client = evaluator.value(owner, module, {})
    defaults = found.setdefault(client.made if isinstance(client, Client) else "", Defaults())
    arguments = call.child_by_field_name("arguments")
    node = arguments.named_children[0] if arguments is not None and arguments.named_children else None
    if node is None:
        return
    if node.type not in FUNCTIONS:
        function = evaluator.value(node, module, {})
        if not isinstance(function, Function):
            return
        node, module = function.node, function.module
    for each in module.assignments:
        left = each.child_by_field_name("left")
        if left is None or not node.start_byte <= each.start_byte < node.end_byte:
            continue
        names = member_path(left)
        if names is not None and len(names) >= 3 and "headers" in names[1:-1]:
            defaults.headers[names[-1]] = Entry(
                evaluator.value(each.child_by_field_name("right"), module, {}), module.span(each)
            )
        elif names is not None and names[-1] == "withCredentials":
            defaults.credentials = _is_set(evaluator.value(each.child_by_field_name("right"), module, {}))
        elif names is not None and names[-1] == "headers":
            whole = evaluator.value(each.child_by_field_name("right"), module, {})
            defaults.headers.update(whole.entries if isinstance(whole, Object) else {})
    for inner_call in module.calls:
        function_node = inner_call.child_by_field_name("function")
        names = member_path(function_node) if function_node is not None else None
        inside = node.start_byte <= inner_call.start_byte < node.end_byte
        if inside and names is not None and names[-2:-1] == ["headers"] and names[-1] in {"set", "setAuthorization"}:
            given = evaluator.arguments(inner_call, module, {})
            if given and isinstance(given[0], Text) and given[0].plain:
                defaults.headers[given[0].plain] = Entry(
                    given[1] if len(given) > 1 else UNKNOWN, module.span(inner_call)
                )
