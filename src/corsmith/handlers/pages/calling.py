"""What calls in a page's scripts give: texts and objects that are made up, clients, what the project's functions return."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tree_sitter import Node

from corsmith.api.page_call import Hole

from .importing import of_commonjs
from .modules import Module, said
from .shapes import returns_of
from .values import (
    UNKNOWN,
    Arguments,
    Body,
    Client,
    Entry,
    Function,
    Items,
    Name,
    Object,
    Parameter,
    Text,
    Unknown,
    Value,
    either,
    joined,
    text,
)

if TYPE_CHECKING:
    from .evaluating import Evaluator

_CALLS_DEEPEST = 4
_KEEPING = {"toString", "trim", "toLowerCase", "replaceAll", "trimEnd", "valueOf", "normalize"}
_CREATORS = {
    "axios.create": "axios", "ky.create": "ky", "ky.extend": "ky", "openapi-fetch": "openapi-fetch", "ofetch.create": "fetch",
    "$fetch.create": "fetch", "rest-client": "axios", "wretch": "wretch",
}  # fmt: skip

_GIVING_BACK = frozenset(
    {
        "useCallback",
        "useEvent",
        "debounce",
        "throttle",
        "memoize",
        "cache",
        "action",
        "createAsyncThunk",
        "flow",
        "markRaw",
    }
)
"""Functions outside the project that give back a function that they are given, or one that calls it."""


def value_of_call(evaluator: Evaluator, node: Node, module: Module, given: Arguments) -> Value:
    """Return what a call gives, or what `new` makes."""
    callee = node.child_by_field_name("function") or node.child_by_field_name("constructor")
    if callee is None:
        return UNKNOWN
    if callee.type == "member_expression":
        owner_node, property_ = callee.child_by_field_name("object"), callee.child_by_field_name("property")
        name = said(property_) if property_ is not None else ""
        owner = evaluator.value(owner_node, module, given)
        if isinstance(owner, Text):
            return _of_text(evaluator, owner, name, node, module, given)
        if isinstance(owner, Items) and name == "join":
            return _joined(evaluator, owner, node, module, given)
        if isinstance(owner, Object) and name in {"set", "append"}:
            return _chained(evaluator, owner, node, module, given)
        if name in {"set", "append"} and owner_node is not None and said(owner_node).endswith("headers"):
            # Headers of which nothing is known, and one more.
            return _chained(evaluator, Object(), node, module, given)
        if isinstance(owner, Client) and name in {"extend", "create"}:
            settings = next(iter(evaluator.arguments(node, module, given)), UNKNOWN)
            return Client(
                owner.library, settings.over(owner.settings) if isinstance(settings, Object) else owner.settings
            )
    function = evaluator.value(callee, module, given)
    if isinstance(function, Name):
        return _outside(evaluator, function.name, node, module, given)
    if isinstance(function, Function) and function.node.type == "class_declaration":
        return Function(function.node, function.module, made=True)
    if isinstance(function, Function):
        return returned(evaluator, function, tuple(evaluator.arguments(node, module, given)))
    return Unknown(getattr(function, "name", ""))


def _of_text(evaluator: Evaluator, owner: Text, name: str, node: Node, module: Module, given: Arguments) -> Value:
    if name in _KEEPING or name in {"slice", "substring", "substr", "split"}:
        return owner
    if name == "concat":
        return joined([owner, *evaluator.arguments(node, module, given)])
    if name == "replace":
        first, second = (*evaluator.arguments(node, module, given), UNKNOWN, UNKNOWN)[:2]
        old = first.plain if isinstance(first, Text) else None
        if old and owner.plain is not None and old in owner.plain:
            before, _, after = owner.plain.partition(old)
            return joined([Text((before,)), second if isinstance(second, Text) else UNKNOWN, Text((after,))])
        return owner
    return UNKNOWN


def _joined(evaluator: Evaluator, owner: Items, node: Node, module: Module, given: Arguments) -> Value:
    between = next(iter(evaluator.arguments(node, module, given)), Text((",",)))
    parts: list[Value] = []
    for each in owner.items:
        parts += [between, each] if parts else [each]
    return joined(parts)


def _chained(evaluator: Evaluator, owner: Object, node: Node, module: Module, given: Arguments) -> Value:
    """`new HttpHeaders().set(name, value)` gives Headers with one more."""
    arguments = evaluator.arguments(node, module, given)
    name = arguments[0].plain if arguments and isinstance(arguments[0], Text) else None
    if name is None:
        return owner
    return Object({**owner.entries, name: Entry(arguments[1] if len(arguments) > 1 else UNKNOWN, module.span(node))})


def _outside(evaluator: Evaluator, name: str, node: Node, module: Module, given: Arguments) -> Value:
    arguments = evaluator.arguments(node, module, given)
    first = arguments[0] if arguments else UNKNOWN
    short = name.rpartition(".")[2]
    if name == "JSON.stringify":
        return Body()
    if name == "URL":
        base = arguments[1] if len(arguments) > 1 else None
        return _resolved(text(first), base)
    if name in {"String", "Request"} or short in {"encodeURI", "unref", "toRaw"}:
        return first if isinstance(first, (Text, Parameter)) else text(first)
    if short in {"Headers", "HttpHeaders", "AxiosHeaders"}:
        return _headers(evaluator, first, module, node) if isinstance(first, (Object, Items)) else Object()
    if name == "Object.assign":
        merged = Object()
        for each in arguments:
            merged = each.over(merged) if isinstance(each, Object) else merged
        return merged
    if short == "inject" and isinstance(first, Function) and first.node.type == "class_declaration":
        return Function(first.node, first.module, made=True)
    if short in _GIVING_BACK:
        return next((each for each in arguments if isinstance(each, Function)), Unknown(name))
    library = _CREATORS.get(name) or ("openapi-fetch" if name.startswith("openapi-fetch") else None)
    if library is not None:
        return Client(library, first if isinstance(first, Object) else Object())
    if name == "require" and isinstance(first, Text) and first.plain is not None:
        other = evaluator.modules.imported(first.plain, module.path)
        return Name(first.plain) if other is None else of_commonjs(evaluator, other)
    return Unknown(name)


def _headers(evaluator: Evaluator, given: Object | Items, module: Module, node: Node) -> Object:
    if isinstance(given, Object):
        return given
    pairs = [each.items for each in given.items if isinstance(each, Items) and len(each.items) == 2]
    named = {one.plain: other for one, other in pairs if isinstance(one, Text) and one.plain is not None}
    return Object({name: Entry(value, module.span(node)) for name, value in named.items()})


def returned(evaluator: Evaluator, function: Function, arguments: tuple[Value, ...]) -> Value:
    """Return what a function of the project gives for these arguments."""
    node: Node = function.node
    if len(evaluator.calling) >= _CALLS_DEEPEST or node.id in evaluator.calling or node.type == "class_declaration":
        return UNKNOWN
    body = node.child_by_field_name("body")
    if body is None:
        return UNKNOWN
    evaluator.calling.append(node.id)
    try:
        given = {node.id: arguments}
        if body.type != "statement_block":
            return evaluator.value(body, function.module, given)
        found: Value = UNKNOWN
        for value in returns_of(body):
            found = either(evaluator.value(value, function.module, given), found)
        return found
    finally:
        evaluator.calling.pop()


def _resolved(path: Text, base: Value | None) -> Text:
    if base is None or (path.plain or "").startswith(("http://", "https://")):
        return path
    before = text(base)
    last = before.pieces[-1]
    if isinstance(last, str) and last.endswith("/"):
        before = Text((*before.pieces[:-1], last.rstrip("/")))
    slash = isinstance(path.pieces[0], Hole) or path.pieces[0].startswith("/")
    return joined([before, path] if slash else [before, Text(("/",)), path])
