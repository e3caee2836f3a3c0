"""What expressions in a page's scripts stand for: addresses, options, headers, and the functions that make them.

Theory. A script is not run. An expression is looked up where it stands: a name leads to its declaration, in this file or
in the one it is imported from; a call of the project's own function leads to what it returns, with the arguments put
in. A parameter of a function that nobody calls here is a `Parameter`; whoever needs more looks at the callers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct, field
from tree_sitter import Node

from corsmith.api.page_call import Hole

from ..javascript.literals import pieces, text_of_string
from .modules import FUNCTIONS, Module, Modules, bound_names, enclosing, is_block, said
from .values import (
    UNKNOWN,
    Body,
    Client,
    Entry,
    Function,
    Items,
    Name,
    Object,
    Parameter,
    Plain,
    Text,
    Unknown,
    Value,
    joined,
    text,
)

_DEEPEST = 24
_CALLS_DEEPEST = 4
_WRAPPING = frozenset(
    {
        "parenthesized_expression", "await_expression", "as_expression", "satisfies_expression", "non_null_expression",
        "type_assertion",
    }
)  # fmt: skip
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

Arguments = Mapping[int, tuple[Value, ...]]
"""The arguments of the functions that are being called, by their nodes."""


class Evaluator(Struct):
    """Evaluates expressions of one project."""

    modules: Modules
    depth: int = 0
    calling: list[int] = field(default_factory=list)

    def value(self, node: Node | None, module: Module, given: Arguments) -> Value:
        """Return what an expression stands for."""
        if node is None or self.depth > _DEEPEST:
            return UNKNOWN
        self.depth += 1
        try:
            return self._value(node, module, given)
        finally:
            self.depth -= 1

    def _value(self, node: Node, module: Module, given: Arguments) -> Value:
        kind = node.type
        if kind in _WRAPPING:
            return self.value(node.named_children[0] if node.named_children else None, module, given)
        if kind == "string":
            return Text((text_of_string(node),))
        if kind == "template_string":
            return self._template(node, module, given)
        if kind in {"true", "false"}:
            return Plain(kind)
        if kind == "number":
            return Plain(said(node))
        if kind in {"identifier", "shorthand_property_identifier"}:
            return self.named(said(node), node, module, given)
        if kind == "object":
            return self._object(node, module, given)
        if kind == "array":
            return Items(tuple(self.value(each, module, given) for each in node.named_children))
        if kind in {"member_expression", "subscript_expression"}:
            return self._member(node, module, given)
        if kind == "binary_expression":
            return self._binary(node, module, given)
        if kind == "ternary_expression":
            first = self.value(node.child_by_field_name("consequence"), module, given)
            return _either(first, self.value(node.child_by_field_name("alternative"), module, given))
        if kind in {"call_expression", "new_expression"}:
            return self._call(node, module, given)
        if kind in FUNCTIONS:
            return Function(node, module)
        if kind == "this":
            return Unknown("this")
        return UNKNOWN

    def _template(self, node: Node, module: Module, given: Arguments) -> Text:
        parts: list[Value] = []
        for piece in pieces(node):
            if isinstance(piece, str):
                parts.append(Text((piece,)))
            else:
                inner = piece.named_children[0] if piece.named_children else None
                parts.append(self.value(inner, module, given))
        return joined(parts)

    def _binary(self, node: Node, module: Module, given: Arguments) -> Value:
        operator = node.child_by_field_name("operator")
        left = self.value(node.child_by_field_name("left"), module, given)
        right = self.value(node.child_by_field_name("right"), module, given)
        sign = operator.type if operator is not None else ""
        if sign == "+":
            return joined([left, right])
        if sign in {"||", "??"}:
            return _either(left, right)
        return right if sign == "&&" else UNKNOWN

    # Objects

    def _object(self, node: Node, module: Module, given: Arguments) -> Object:
        entries: dict[str, Entry] = {}
        for child in node.named_children:
            if child.type == "spread_element":
                inner = self.value(child.named_children[0], module, given)
                if isinstance(inner, Object):
                    entries.update(inner.entries)
                elif isinstance(inner, Parameter):
                    entries[f"%{inner.name}"] = Entry(inner, module.span(child))
            elif child.type == "pair":
                key = self._key(child.child_by_field_name("key"), module, given)
                if key is not None:
                    value = self.value(child.child_by_field_name("value"), module, given)
                    entries[key] = Entry(value, module.span(child))
            elif child.type == "shorthand_property_identifier":
                entries[said(child)] = Entry(self.value(child, module, given), module.span(child))
            elif child.type == "method_definition":
                name = child.child_by_field_name("name")
                if name is not None:
                    entries[said(name)] = Entry(Function(child, module), module.span(child))
        return Object(entries)

    def _key(self, node: Node | None, module: Module, given: Arguments) -> str | None:
        if node is None:
            return None
        if node.type == "computed_property_name":
            found = self.value(node.named_children[0], module, given)
            return found.plain if isinstance(found, Text) else None
        return text_of_string(node) if node.type == "string" else said(node)

    def _member(self, node: Node, module: Module, given: Arguments) -> Value:
        inner = node.child_by_field_name("object")
        if node.type == "subscript_expression":
            key = self.value(node.child_by_field_name("index"), module, given)
            name = key.plain if isinstance(key, Text) else None
        else:
            property_ = node.child_by_field_name("property")
            name = said(property_) if property_ is not None else None
        if inner is None or name is None:
            return UNKNOWN
        if inner.type == "this":
            return self._field(name, node, module, given)
        if inner.type in {"meta_property"} or said(inner) in {"import.meta.env", "process.env"}:
            return Unknown(name)
        return self.member_of(self.value(inner, module, given), name)

    def member_of(self, owner: Value, name: str) -> Value:
        """Return a member of a value."""
        if isinstance(owner, Object):
            found = owner.get(name)
            return Unknown(name) if found is UNKNOWN else found
        if isinstance(owner, Name):
            whole = f"{owner.name}.{name}"
            return Name(name if owner.name in {"window", "globalThis", "self"} else whole)
        if isinstance(owner, Parameter):
            return Parameter(f"{owner.name}.{name}")
        if isinstance(owner, Function):
            return _of_class(owner, name, self)
        return Unknown(name)

    def _field(self, name: str, node: Node, module: Module, given: Arguments) -> Value:
        """`this.name`: a field or method of the class around, or what its constructor assigns."""
        body = enclosing(node, frozenset({"class_body", "object"}))
        for member in body.named_children if body is not None else ():
            label = member.child_by_field_name("name") or member.child_by_field_name("property")
            if label is None or said(label).lstrip("#") != name.lstrip("#"):
                continue
            if member.type == "method_definition":
                return Function(member, module)
            value = member.child_by_field_name("value")
            if value is not None:
                return self.value(value, module, given)
        injected = self._injected(name, body, module)
        if injected is not None:
            return injected
        for each in module.assignments:
            left = each.child_by_field_name("left")
            inside = body is not None and body.start_byte <= each.start_byte < body.end_byte
            if inside and left is not None and said(left) == f"this.{name}":
                found = self.value(each.child_by_field_name("right"), module, given)
                return Unknown(name) if isinstance(found, Parameter) else found
        return Unknown(name)

    def _injected(self, name: str, body: Node | None, module: Module) -> Value | None:
        """`constructor(private name: Kind)` and `name: Kind` in a class: an instance of that class of the project."""
        for member in body.named_children if body is not None else ():
            label = member.child_by_field_name("name")
            typed = member if label is not None and said(label) == name else None
            if member.type == "method_definition" and label is not None and said(label) == "constructor":
                found = member.child_by_field_name("parameters")
                for parameter in found.named_children if found is not None else ():
                    pattern = parameter.child_by_field_name("pattern")
                    if pattern is not None and said(pattern) == name:
                        typed = parameter
            annotation = typed.child_by_field_name("type") if typed is not None else None
            kind = annotation.named_children[0] if annotation is not None and annotation.named_children else None
            if kind is not None and kind.type == "type_identifier":
                value = self.named(said(kind), kind, module, {})
                if isinstance(value, Function) and value.node.type == "class_declaration":
                    return Function(value.node, value.module, made=True)
        return None

    # Names

    def named(self, name: str, node: Node, module: Module, given: Arguments) -> Value:
        """Return what a name stands for at `node`."""
        at = node.parent
        while at is not None:
            if at.type in FUNCTIONS:
                found = self._parameter(name, at, module, given)
                if found is not None:
                    return found
            elif is_block(at):
                declared = module.names(at).get(name)
                if declared is not None:
                    value = self._declared(name, declared, module, given)
                    return self._with_later(name, value, at, module, given)
            at = at.parent
        return Unknown(name) if name == "undefined" else Name(name)

    def _parameter(self, name: str, function: Node, module: Module, given: Arguments) -> Value | None:
        for position, parameter in enumerate(parameters_of(function)):
            pattern, default = _pattern_of(parameter)
            if pattern is None or name not in bound_names(pattern):
                continue
            arguments = given.get(function.id)
            if arguments is None:
                whole: Value = Parameter(f"{position}")
            else:
                whole = arguments[position] if position < len(arguments) else UNKNOWN
            if whole is UNKNOWN and default is not None:
                whole = self.value(default, module, given)
            found = self._taken(name, pattern, whole, module, given)
            return Unknown(name) if found is UNKNOWN else found
        return None

    def _taken(self, name: str, pattern: Node, whole: Value, module: Module, given: Arguments) -> Value:
        """Return what a pattern binds `name` to."""
        if pattern.type in {"identifier", "this"}:
            return whole
        taken: set[str] = set()
        for child in pattern.named_children:
            if child.type == "shorthand_property_identifier_pattern":
                taken.add(said(child))
                if said(child) == name:
                    return self.member_of(whole, name)
            elif child.type == "object_assignment_pattern":
                left = child.child_by_field_name("left")
                if left is not None and said(left) == name:
                    found = self.member_of(whole, name)
                    if isinstance(found, (Unknown, Parameter)) and not isinstance(found, Parameter):
                        return self.value(child.child_by_field_name("right"), module, given)
                    return found
            elif child.type == "pair_pattern":
                key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
                if key is not None and value is not None and name in bound_names(value):
                    return self._taken(
                        name, _pattern_of(value)[0] or value, self.member_of(whole, said(key)), module, given
                    )
            elif child.type == "rest_pattern" and name in bound_names(child):
                if isinstance(whole, Object):
                    return Object({key: entry for key, entry in whole.entries.items() if key not in taken})
                return whole
        return UNKNOWN

    def _declared(self, name: str, node: Node, module: Module, given: Arguments) -> Value:
        if node.type == "import_statement":
            return self._imported(name, node, module)
        if node.type in {"function_declaration", "generator_function_declaration"}:
            return Function(node, module)
        if node.type == "class_declaration":
            return Function(node, module)
        target, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if target is None or value is None:
            return Unknown(name)
        found = self.value(value, module, given)
        if target.type != "identifier":
            found = self._taken(name, target, found, module, given)
        if isinstance(found, Client):
            return Client(found.library, found.settings, found.made or f"{module.path}:{name}")
        return Unknown(name) if found is UNKNOWN else found

    def _imported(self, name: str, node: Node, module: Module) -> Value:
        source = node.child_by_field_name("source")
        if source is None:
            return Unknown(name)
        path = text_of_string(source)
        inside = _inside_name(node, name)
        other = self.modules.imported(path, module.path)
        if other is None:
            package = path.removeprefix("npm:")
            if path.startswith((".", "@/", "~/", "/")):
                return Unknown(name)
            package = "axios" if re.fullmatch(r"https?://.*/axios[^/]*(/.*)?", package) else package
            return Name(package if inside in {"default", "*"} else f"{package}.{inside}")
        return self.exported(inside, other)

    def exported(self, name: str, module: Module, deep: int = 0) -> Value:
        """Return what a module exports under `name`."""
        root = module.source.tree.root_node
        if name == "*":
            return Object(
                {
                    key: Entry(self.exported(key, module, deep), module.span(node))
                    for key, node in module.names(root).items()
                }
            )
        for child in root.named_children:
            if child.type != "export_statement":
                continue
            value = child.child_by_field_name("value")
            declaration = child.child_by_field_name("declaration")
            if name == "default" and any(part.type == "default" for part in child.children):
                if value is not None:
                    found = self.value(value, module, {})
                    return (
                        Client(found.library, found.settings, found.made or f"{module.path}:default")
                        if isinstance(found, Client)
                        else found
                    )
                return Function(declaration, module) if declaration is not None else UNKNOWN
            source = child.child_by_field_name("source")
            clause = next((part for part in child.named_children if part.type == "export_clause"), None)
            for each in clause.named_children if clause is not None else ():
                inside = each.child_by_field_name("name")
                outside = each.child_by_field_name("alias") or inside
                if inside is None or outside is None or said(outside) != name:
                    continue
                if source is None:
                    return self.named(said(inside), child, module, {})
                return self._elsewhere(said(inside), source, module, deep)
            if source is not None and clause is None and deep < _CALLS_DEEPEST:
                found = self._elsewhere(name, source, module, deep)
                if not isinstance(found, Unknown):
                    return found
        declared = module.names(root).get(name)
        return Unknown(name) if declared is None else self._declared(name, declared, module, {})

    def _elsewhere(self, name: str, source: Node, module: Module, deep: int) -> Value:
        other = self.modules.imported(text_of_string(source), module.path)
        return UNKNOWN if other is None else self.exported(name, other, deep + 1)

    def _with_later(self, name: str, value: Value, block: Node, module: Module, given: Arguments) -> Value:
        """Add what the code assigns to members of an object, or sets on Headers, after it has made it."""
        if not isinstance(value, Object):
            return value
        added: dict[str, Entry] = {}
        for each in module.assignments:
            left = each.child_by_field_name("left")
            if left is None or not block.start_byte <= each.start_byte < block.end_byte:
                continue
            path = member_path(left)
            if path is not None and path[0] == name and len(path) > 1:
                right = each.child_by_field_name("right")
                self._put(value, added, path[1:], self.value(right, module, given), module, each)
        for call in module.calls:
            callee = call.child_by_field_name("function")
            path = member_path(callee) if callee is not None else None
            if path is None or path[0] != name or len(path) < 2 or path[-1] not in {"set", "append"}:
                continue
            if block.start_byte <= call.start_byte < block.end_byte:
                arguments = self.arguments(call, module, given)
                key = arguments[0] if arguments else UNKNOWN
                if isinstance(key, Text) and key.plain is not None:
                    second = arguments[1] if len(arguments) > 1 else UNKNOWN
                    self._put(value, added, [*path[1:-1], key.plain], second, module, call)
        return Object({**value.entries, **added}) if added else value

    def _put(
        self, owner: Object, added: dict[str, Entry], path: list[str], value: Value, module: Module, node: Node
    ) -> None:
        entry = Entry(value, module.span(node))
        if len(path) == 1:
            added[path[0]] = entry
            return
        inner = added[path[0]].value if path[0] in added else owner.get(path[0])
        if len(path) == 2:
            before = inner.entries if isinstance(inner, Object) else {}
            added[path[0]] = Entry(Object({**before, path[1]: entry}), module.span(node))

    # Calls

    def arguments(self, node: Node, module: Module, given: Arguments) -> list[Value]:
        """Return the arguments of a call."""
        found = node.child_by_field_name("arguments")
        if found is None:
            return []
        if found.type == "template_string":
            return [self.value(found, module, given)]
        return [
            self.value(each.named_children[0], module, given)
            if each.type == "spread_element"
            else self.value(each, module, given)
            for each in found.named_children
            if each.type != "comment"
        ]

    def _call(self, node: Node, module: Module, given: Arguments) -> Value:
        callee = node.child_by_field_name("function") or node.child_by_field_name("constructor")
        if callee is None:
            return UNKNOWN
        if callee.type == "member_expression":
            owner_node, property_ = callee.child_by_field_name("object"), callee.child_by_field_name("property")
            name = said(property_) if property_ is not None else ""
            owner = self.value(owner_node, module, given)
            if isinstance(owner, Text):
                return self._of_text(owner, name, node, module, given)
            if isinstance(owner, Items) and name == "join":
                return self._joined(owner, node, module, given)
            if isinstance(owner, Object) and name in {"set", "append"}:
                return self._chained(owner, node, module, given)
            if name in {"set", "append"} and owner_node is not None and said(owner_node).endswith("headers"):
                # Headers of which nothing is known, and one more.
                return self._chained(Object(), node, module, given)
            if isinstance(owner, Client) and name in {"extend", "create"}:
                settings = next(iter(self.arguments(node, module, given)), UNKNOWN)
                return Client(
                    owner.library, settings.over(owner.settings) if isinstance(settings, Object) else owner.settings
                )
        function = self.value(callee, module, given)
        if isinstance(function, Name):
            return self._outside(function.name, node, module, given)
        if isinstance(function, Function) and function.node.type == "class_declaration":
            return Function(function.node, function.module, made=True)
        if isinstance(function, Function):
            return self.returned(function, tuple(self.arguments(node, module, given)))
        return Unknown(getattr(function, "name", ""))

    def _of_text(self, owner: Text, name: str, node: Node, module: Module, given: Arguments) -> Value:
        if name in _KEEPING or name in {"slice", "substring", "substr", "split"}:
            return owner
        if name == "concat":
            return joined([owner, *self.arguments(node, module, given)])
        if name == "replace":
            first, second = (*self.arguments(node, module, given), UNKNOWN, UNKNOWN)[:2]
            old = first.plain if isinstance(first, Text) else None
            if old and owner.plain is not None and old in owner.plain:
                before, _, after = owner.plain.partition(old)
                return joined([Text((before,)), second if isinstance(second, Text) else UNKNOWN, Text((after,))])
            return owner
        return UNKNOWN

    def _joined(self, owner: Items, node: Node, module: Module, given: Arguments) -> Value:
        between = next(iter(self.arguments(node, module, given)), Text((",",)))
        parts: list[Value] = []
        for each in owner.items:
            parts += [between, each] if parts else [each]
        return joined(parts)

    def _chained(self, owner: Object, node: Node, module: Module, given: Arguments) -> Value:
        """`new HttpHeaders().set(name, value)` gives Headers with one more."""
        arguments = self.arguments(node, module, given)
        name = arguments[0].plain if arguments and isinstance(arguments[0], Text) else None
        if name is None:
            return owner
        return Object(
            {**owner.entries, name: Entry(arguments[1] if len(arguments) > 1 else UNKNOWN, module.span(node))}
        )

    def _outside(self, name: str, node: Node, module: Module, given: Arguments) -> Value:
        arguments = self.arguments(node, module, given)
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
            return self._headers(first, module, node) if isinstance(first, (Object, Items)) else Object()
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
            other = self.modules.imported(first.plain, module.path)
            return Name(first.plain) if other is None else _of_commonjs(self, other)
        return Unknown(name)

    def _headers(self, given: Object | Items, module: Module, node: Node) -> Object:
        if isinstance(given, Object):
            return given
        pairs = [each.items for each in given.items if isinstance(each, Items) and len(each.items) == 2]
        named = {one.plain: other for one, other in pairs if isinstance(one, Text) and one.plain is not None}
        return Object({name: Entry(value, module.span(node)) for name, value in named.items()})

    def returned(self, function: Function, arguments: tuple[Value, ...]) -> Value:
        """Return what a function of the project gives for these arguments."""
        node: Node = function.node
        if len(self.calling) >= _CALLS_DEEPEST or node.id in self.calling or node.type == "class_declaration":
            return UNKNOWN
        body = node.child_by_field_name("body")
        if body is None:
            return UNKNOWN
        self.calling.append(node.id)
        try:
            given = {node.id: arguments}
            if body.type != "statement_block":
                return self.value(body, function.module, given)
            found: Value = UNKNOWN
            for value in returns_of(body):
                found = _either(self.value(value, function.module, given), found)
            return found
        finally:
            self.calling.pop()


def _of_commonjs(evaluator: Evaluator, module: Module) -> Value:
    entries: dict[str, Entry] = {}
    for each in module.assignments:
        left, right = each.child_by_field_name("left"), each.child_by_field_name("right")
        path = member_path(left) if left is not None else None
        if path == ["module", "exports"]:
            return evaluator.value(right, module, {})
        if path is not None and path[:-1] in (["exports"], ["module", "exports"]):
            entries[path[-1]] = Entry(evaluator.value(right, module, {}), module.span(each))
    return Object(entries)


def _of_class(owner: Function, name: str, evaluator: Evaluator) -> Value:
    """A member of a class, or of its instance."""
    body = owner.node.child_by_field_name("body") if owner.node.type == "class_declaration" else None
    for member in body.named_children if body is not None else ():
        label = member.child_by_field_name("name") or member.child_by_field_name("property")
        if label is not None and said(label) == name:
            if member.type == "method_definition":
                return Function(member, owner.module)
            return evaluator.value(member.child_by_field_name("value"), owner.module, {})
    return Unknown(name)


def _either(one: Value, other: Value) -> Value:
    """One of two values: objects are taken together, else what is better known."""
    if isinstance(one, Object) and isinstance(other, Object):
        return one.over(other)
    if isinstance(one, (Unknown, Plain)) or (isinstance(one, Object) and not one.entries):
        return other if not isinstance(other, Unknown) else one
    if isinstance(one, Parameter) and isinstance(other, Object):
        return one
    if isinstance(one, Text) and one.plain == "" and isinstance(other, Text):
        return other
    return one


def _resolved(path: Text, base: Value | None) -> Text:
    if base is None or (path.plain or "").startswith(("http://", "https://")):
        return path
    before = text(base)
    last = before.pieces[-1]
    if isinstance(last, str) and last.endswith("/"):
        before = Text((*before.pieces[:-1], last.rstrip("/")))
    slash = isinstance(path.pieces[0], Hole) or path.pieces[0].startswith("/")
    return joined([before, path] if slash else [before, Text(("/",)), path])


def _inside_name(node: Node, name: str) -> str:
    """Return the name under which the other module exports what an import calls `name`."""
    clause = next((child for child in node.named_children if child.type == "import_clause"), None)
    for part in clause.named_children if clause is not None else ():
        if part.type == "identifier" and said(part) == name:
            return "default"
        if part.type == "namespace_import":
            return "*"
        for each in part.named_children if part.type == "named_imports" else ():
            inside = each.child_by_field_name("name")
            outside = each.child_by_field_name("alias") or inside
            if inside is not None and outside is not None and said(outside) == name:
                return said(inside)
    return "default"


def parameters_of(function: Node) -> list[Node]:
    """Return the parameters of a function."""
    single = function.child_by_field_name("parameter")
    if single is not None:
        return [single]
    found = function.child_by_field_name("parameters")
    return [each for each in found.named_children if each.type != "comment"] if found is not None else []


def _pattern_of(parameter: Node) -> tuple[Node | None, Node | None]:
    """Return the pattern of a parameter, and its default."""
    if parameter.type in {"required_parameter", "optional_parameter"}:
        pattern = parameter.child_by_field_name("pattern")
        return (None if pattern is None else _pattern_of(pattern)[0]), parameter.child_by_field_name("value")
    if parameter.type in {"assignment_pattern", "object_assignment_pattern"}:
        return parameter.child_by_field_name("left"), parameter.child_by_field_name("right")
    if parameter.type == "rest_pattern":
        return None, None
    return parameter, None


def member_path(node: Node) -> list[str] | None:
    """Return `a.b["c"]` as its names; None for anything else."""
    if node.type in {"identifier", "this"}:
        return [said(node)]
    inner = node.child_by_field_name("object")
    before = member_path(inner) if inner is not None else None
    if before is None:
        return None
    if node.type == "member_expression":
        name = node.child_by_field_name("property")
        return None if name is None else [*before, said(name)]
    if node.type == "subscript_expression":
        index = node.child_by_field_name("index")
        return [*before, text_of_string(index)] if index is not None and index.type == "string" else None
    return None


def returns_of(body: Node) -> list[Node]:
    """Return the values that a function's body returns, inner functions left out."""
    found: list[Node] = []
    waiting = [body]
    while waiting:
        node = waiting.pop()
        if node.type == "return_statement":
            found += [child for child in node.named_children if child.type != "comment"][:1]
        elif node.type not in FUNCTIONS:
            waiting += reversed(node.named_children)
    return found


def enclosing_function(node: Node) -> Node | None:
    """Return the function that a node stands in."""
    return enclosing(node, FUNCTIONS)
