"""Functions of the project that send what they are given: each call of such a function is a call of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct, field
from tree_sitter import Node

from .evaluating import Evaluator
from .modules import Module, said
from .recognising import recognise
from .request import Request
from .shapes import enclosing_function, member_path
from .values import Arguments, Function, Name, Parameter, Unknown, Value

_LAYERS_AT_MOST = 4
_GENERIC = frozenset(
    {
        "get", "post", "put", "delete", "patch", "head", "options", "request", "fetch", "send", "set", "add", "remove",
        "open", "call", "apply", "then", "find", "load", "save", "update", "create", "list", "query", "push", "pop", "has",
        "run", "start", "test", "init", "submit", "handle", "use", "next", "close", "read", "write", "map", "filter",
    }
)  # fmt: skip
"""Names of methods that too many classes have: a call must be known to be of the one that is meant."""
_CALLERS_AT_MOST = 400
_WAYS_AT_MOST = 20_000
"""How often requests are looked at again with a caller's arguments, in all pages together: layers of wrappers multiply."""


class Sent(Struct, frozen=True):
    """A request, and the module and arguments that it was evaluated with. `at` is the call that people look for."""

    request: Request
    module: Module
    at: Node
    at_module: Module


class Layer(Struct, frozen=True, eq=False):
    """A function around a request, and the call that gives it its arguments."""

    function: Node
    call: Node
    module: Module


class Wrapping(Struct):
    """Finds who calls functions that send."""

    evaluator: Evaluator
    paths: Sequence[str]
    texts: dict[str, str]
    _known: dict[int, tuple[tuple[Node, Module], ...]] = field(default_factory=dict)
    _ways: int = 0

    def sent(self, node: Node, module: Module) -> Iterator[Sent]:
        """Yield the requests that a call sends: as it stands, or once for each caller that it depends on."""
        request = recognise(self.evaluator, node, module, {})
        if request is not None:
            yield from self._of(request, node, module, ())

    def _of(self, request: Request, node: Node, module: Module, layers: tuple[Layer, ...]) -> Iterator[Sent]:
        at, at_module = (layers[-1].call, layers[-1].module) if layers else (node, module)
        found = False
        # The arguments may be those of any function around, not of the innermost.
        around = enclosing_function(at) if request.depends() and len(layers) < _LAYERS_AT_MOST else None
        while around is not None and not found:
            seen = any(layer.function.id == around.id for layer in layers)
            for call, where in () if seen or self._ways >= _WAYS_AT_MOST else self._callers(around, at_module):
                found = True
                self._ways += 1
                if self._ways > _WAYS_AT_MOST:
                    break
                more = (*layers, Layer(around, call, where))
                again = recognise(self.evaluator, node, module, self._given(more))
                if again is not None:
                    yield from self._of(again, node, module, more)
            around = enclosing_function(around)
        if not found:
            yield Sent(request, module, at, at_module)

    def _given(self, layers: tuple[Layer, ...]) -> Arguments:
        """Return the arguments of each function, the outermost first: those of the inner ones depend on them."""
        given: dict[int, tuple[Value, ...]] = {}
        for layer in reversed(layers):
            given[layer.function.id] = tuple(self.evaluator.arguments(layer.call, layer.module, dict(given)))
        return given

    def _callers(self, function: Node, module: Module) -> tuple[tuple[Node, Module], ...]:
        """Return the calls of a function: looked for once, because many requests may stand in it."""
        known = self._known.get(function.id)
        if known is None:
            known = self._known[function.id] = tuple(self._searched(function, module))
        return known

    def _searched(self, function: Node, module: Module) -> Iterator[tuple[Node, Module]]:
        name = _name_of(function)
        if not name:
            return
        # A handler of a framework, such as `get` of an object, has too many namesakes to be told apart by name alone.
        word = re.compile(rf"(?<![\w$]){re.escape(name)}(?![\w$])")
        count = 0
        for path in self.paths:
            text = self.texts[path]
            if path != module.path and (name not in text or word.search(text) is None):
                continue
            other = self.evaluator.modules.module(path)
            for call in other.calls if other is not None else ():
                if other is None or not self._calls(call, name, function, other):
                    continue
                count += 1
                if count > _CALLERS_AT_MOST:
                    return
                yield call, other

    def _calls(self, call: Node, name: str, function: Node, module: Module) -> bool:
        callee = call.child_by_field_name("function")
        if callee is None:
            return False
        if callee.type == "identifier":
            # An import may rename it.
            found = self.evaluator.value(callee, module, {})
            return isinstance(found, Function) and found.node.id == function.id
        if callee.type != "member_expression":
            return False
        property_ = callee.child_by_field_name("property")
        if property_ is None or said(property_).lstrip("#") != name.lstrip("#"):
            return False
        found = self.evaluator.value(callee, module, {})
        if isinstance(found, Function):
            return bool(found.node.id == function.id)
        # A method of an instance that is made elsewhere goes by its name.
        path = member_path(callee)
        foreign = path is not None and path[0] in {"console", "Math", "JSON", "Object"}
        by_name = name.lstrip("#") not in _GENERIC and isinstance(found, (Unknown, Name, Parameter))
        return function.type == "method_definition" and by_name and not foreign


def _name_of(function: Node) -> str:
    """Return what a function is called by."""
    own = function.child_by_field_name("name")
    if own is not None:
        return said(own)
    at = function.parent
    while at is not None and at.type in {"parenthesized_expression", "as_expression", "satisfies_expression"}:
        at = at.parent
    if at is None:
        return ""
    if at.type == "arguments" and at.parent is not None:
        # `const load = useCallback(async () => …)`.
        at = at.parent.parent
    if at is None:
        return ""
    for key in ("name", "property", "key", "left"):
        label = at.child_by_field_name(key)
        if label is not None and at.type in {
            "variable_declarator", "pair", "public_field_definition", "field_definition", "assignment_expression",
        }:  # fmt: skip
            return said(label).rpartition(".")[2]
    return ""
