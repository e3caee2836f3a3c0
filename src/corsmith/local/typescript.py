"""TypeScript without its types: what Node.js can run, line for line.

Types are blanked, so that every line and column stays where it is. What is more than types is written out: enums, and
parameters that are properties. Decorators, namespaces and JSX are left to a compiler (`NotErasable`).
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from tree_sitter import Node

from corsmith.handlers.javascript.source import parse

_BLANKED = frozenset(
    {
        "abstract_method_signature",
        "accessibility_modifier",
        "adding_type_annotation",
        "asserts_annotation",
        "function_signature",
        "implements_clause",
        "index_signature",
        "method_signature",
        "omitting_type_annotation",
        "opting_type_annotation",
        "override_modifier",
        "type_annotation",
        "type_arguments",
        "type_parameters",
        "type_predicate_annotation",
    }
)
_STATEMENTS = frozenset({"ambient_declaration", "interface_declaration", "type_alias_declaration"})
_MEMBERS = frozenset(
    {"abstract_class_declaration", "class_declaration", "method_definition", "public_field_definition"}
)
_WORDS = frozenset({"abstract", "declare", "override", "readonly", "?", "!"})
_COMPILED = {
    "decorator": "decorators need",
    "import_alias": "import aliases need",
    "internal_module": "namespaces need",
    "jsx_element": "JSX needs",
    "jsx_self_closing_element": "JSX needs",
    "module": "namespaces need",
}
_COMMON_JS = {
    "require": "const require = (await import('node:module')).createRequire(import.meta.url); ",
    "__filename": "const __filename = (await import('node:url')).fileURLToPath(import.meta.url); ",
    "__dirname": "const __dirname = (await import('node:url')).fileURLToPath(new URL('.', import.meta.url)); ",
}
"""What bundlers give to modules that look for it."""


class NotErasable(Exception):  # noqa: N818 - it says what the source is
    """The source is not only JavaScript with types: "app.ts:3: decorators need a compiler"."""


class Script(Struct, frozen=True):
    """A module as JavaScript, and the relative modules that it imports, as they are written."""

    text: str
    imports: tuple[str, ...]


def erased(path: str, text: str) -> Script:
    """Return the TypeScript at `path` without its types. Raises `NotErasable`."""
    source = parse(path, text)
    if source.problems:
        problem = source.problems[0]
        raise NotErasable(f"{path}:{problem.line}: {problem.message}")
    return _Eraser(path, source.data).run(source.tree.root_node)


class _Eraser:
    """`edits` are stretches with the text that takes their place."""

    def __init__(self, path: str, data: bytes) -> None:
        self._path = path
        self._data = data
        self._edits: list[tuple[int, int, bytes]] = []
        self._used: set[str] = set()
        self._imported: list[Node] = []
        self._exported: list[Node] = []
        self._types: set[str] = set()
        self._relative: dict[str, None] = {}

    def run(self, root: Node) -> Script:
        self._walk(root)
        for statement in self._imported:
            self._import(statement)
        for clause in self._exported:
            self._exports(clause)
        prelude = "".join(line for name, line in _COMMON_JS.items() if name in self._used)
        pieces, at = [prelude.encode()], 0
        for start, end, text in sorted(self._edits):
            if start >= at:
                pieces += (self._data[at:start], text)
                at = end
        pieces.append(self._data[at:])
        return Script(b"".join(pieces).decode("utf-8", "replace"), tuple(self._relative))

    def _walk(self, node: Node) -> None:
        for child in node.children:
            if not self._done(child, node):
                self._walk(child)

    def _done(self, node: Node, above: Node) -> bool:
        """Deal with `node`; say whether nothing below it is left to look at."""
        kind = node.type
        if kind in _COMPILED:
            raise self._refusal(node, _COMPILED[kind])
        if kind in _STATEMENTS:
            self._forget(node)
        elif kind in _BLANKED or (kind in _WORDS and _is_of_types(node, above)):
            self._blank(node.start_byte, node.end_byte)
        elif kind == "enum_declaration":
            self._enumerate(node)
        elif kind == "import_statement":
            if any(child.type == "import_require_clause" for child in node.children):
                raise self._refusal(node, "import = require() needs")
            self._imported.append(node)
            self._refer(node)
        elif kind == "export_statement":
            return self._export(node)
        else:
            return self._rest(node, above)
        return True

    def _refusal(self, node: Node, what: str) -> NotErasable:
        return NotErasable(f"{self._path}:{node.start_point[0] + 1}: {what} a compiler")

    def _rest(self, node: Node, above: Node) -> bool:
        kind = node.type
        if kind in ("identifier", "shorthand_property_identifier"):
            self._used.add(_text(node))
        elif kind in ("as_expression", "satisfies_expression"):
            value, rest = node.children[0], node.children[1:]
            self._blank(rest[0].start_byte, rest[-1].end_byte)
            if not self._done(value, node):
                self._walk(value)
            return True
        elif kind == "public_field_definition" and any(
            child.type in ("declare", "abstract") for child in node.children
        ):
            self._forget(node)
            return True
        elif kind == "required_parameter" and node.child_by_field_name("pattern") is not None:
            return self._parameter(node)
        elif kind == "call_expression":
            self._call(node)
        del above
        return False

    # Statements.

    def _forget(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        if name is not None:
            self._types.add(_text(name))
        # An empty statement: the line before must not go on in the one after.
        self._replace(node, b";")

    def _export(self, node: Node) -> bool:
        words = {child.type for child in node.children}
        declared = node.child_by_field_name("declaration")
        if "type" in words or (declared is not None and declared.type in (*_STATEMENTS, "function_signature")):
            if declared is not None:
                self._forget(declared)
            self._edits = [edit for edit in self._edits if not node.start_byte <= edit[0] < node.end_byte]
            self._replace(node, b";")
            return True
        if "=" in words:
            raise self._refusal(node, "export = needs")
        self._refer(node)
        for child in node.children:
            if child.type == "export_clause":
                if node.child_by_field_name("source") is None:
                    self._exported.append(child)
                return True
        return False

    def _refer(self, node: Node) -> None:
        source = node.child_by_field_name("source")
        if source is not None and _text(source)[1:2] == ".":
            self._relative.setdefault(_text(source)[1:-1])

    def _call(self, node: Node) -> None:
        called, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if called is not None and arguments is not None and _text(called) in ("import", "require"):
            for argument in arguments.named_children[:1]:
                if argument.type == "string" and _text(argument)[1:2] == ".":
                    self._relative.setdefault(_text(argument)[1:-1])

    def _import(self, node: Node) -> None:
        """Leave out what is only used as a type, as compilers do."""
        if any(child.type == "type" for child in node.children):
            self._replace(node, b";")
            return
        clause = next((child for child in node.children if child.type == "import_clause"), None)
        if clause is None:
            return
        kept = [part for child in clause.named_children for part in self._kept(child)]
        named = [part for part in kept if not part.startswith("*") and part[:1] == "{"]
        others = [part for part in kept if part[:1] != "{"]
        braces = ["{ " + ", ".join(part[1:] for part in named) + " }"] if named else []
        if kept:
            self._replace(clause, ", ".join((*others, *braces)).encode())
        else:
            self._replace(node, b";")

    def _kept(self, part: Node) -> Iterator[str]:
        if part.type == "identifier":
            if _text(part) in self._used:
                yield _text(part)
        elif part.type == "namespace_import":
            if _text(part.named_children[-1]) in self._used:
                yield _text(part)
        elif part.type == "named_imports":
            for each in part.named_children:
                local = each.child_by_field_name("alias") or each.child_by_field_name("name")
                if local is not None and _text(local) in self._used and each.children[0].type != "type":
                    yield "{" + _text(each)

    def _exports(self, clause: Node) -> None:
        kept = []
        for each in clause.named_children:
            name = each.child_by_field_name("name")
            known_type = name is not None and _text(name) in self._types - self._used
            if each.type == "export_specifier" and each.children[0].type != "type" and not known_type:
                kept.append(_text(each))
        self._replace(clause, ("{ " + ", ".join(kept) + " }").encode())

    # What is more than types.

    def _enumerate(self, node: Node) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is None or body is None:
            return
        called = _text(name)
        self._used.add(called)
        lines, counted, keys = [], "-1", set()
        for member in body.named_children:
            if member.type == "comment":
                continue
            key = member.child_by_field_name("name") or member
            value = member.child_by_field_name("value")
            keys.add(_text(key))
            text = repr(_text(key)) if key.type == "property_identifier" else _text(key)
            if value is not None and value.type in ("string", "template_string"):
                lines.append(f"{called}[{text}] = {_text(value)};")
                continue
            counted = f"{called}[{text}]" if value is None and counted == "-1" else counted
            given = _qualified(value, called, keys) if value is not None else "0" if not lines else f"{counted} + 1"
            lines.append(f"{called}[{called}[{text}] = {given}] = {text};")
            counted = f"{called}[{text}]"
        self._replace(node, f"var {called} = {{}}; {' '.join(lines)}".encode())

    def _parameter(self, node: Node) -> bool:
        pattern = node.child_by_field_name("pattern")
        assert pattern is not None
        if pattern.type == "this":
            # Its comma goes with it.
            after = node.next_sibling
            end = after.end_byte if after is not None and after.type == "," else node.end_byte
            self._blank(node.start_byte, end)
            return True
        words = {child.type for child in node.children}
        if words & {"accessibility_modifier", "readonly", "override_modifier"}:
            self._assign(node, _text(pattern))
            for child in node.children:
                if child.type == "readonly":
                    self._blank(child.start_byte, child.end_byte)
        return False

    def _assign(self, node: Node, name: str) -> None:
        """Make a constructor's parameter a property: `this.name = name`, after the call of the parent's constructor."""
        above = node.parent.parent if node.parent is not None else None
        body = above.child_by_field_name("body") if above is not None else None
        if body is None:
            return
        place = body.start_byte + 1
        for statement in body.named_children:
            if statement.type == "expression_statement" and _text(statement).startswith("super("):
                place = statement.end_byte
                break
        self._edits.append((place, place, f" this.{name} = {name};".encode()))

    # Edits.

    def _blank(self, start: int, end: int) -> None:
        self._edits.append((start, end, bytes(c if c in b"\r\n" else 32 for c in self._data[start:end])))

    def _replace(self, node: Node, text: bytes) -> None:
        lines = self._data[node.start_byte : node.end_byte].count(b"\n") - text.count(b"\n")
        self._edits.append((node.start_byte, node.end_byte, text + b"\n" * max(0, lines)))


def _is_of_types(node: Node, above: Node) -> bool:
    """Say whether a word or sign, an anonymous node, is one of TypeScript's."""
    if node.type == "?":
        return above.type in ("optional_parameter", "method_definition", "public_field_definition")
    if node.type == "!":
        return above.type in ("non_null_expression", "variable_declarator", "public_field_definition")
    return above.type in (*_MEMBERS, "required_parameter", "optional_parameter")


def _qualified(value: Node, enum: str, keys: set[str]) -> str:
    """Return an initialiser in which the enum's own members have its name before them."""
    if not value.children:
        text = _text(value)
        return f"{enum}.{text}" if value.type == "identifier" and text in keys else text
    return " ".join(_qualified(child, enum, keys) for child in value.children)


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")
