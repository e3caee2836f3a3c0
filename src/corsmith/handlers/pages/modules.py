"""The modules of a page's scripts: what each declares, imports and exports, found in its syntax tree."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct, field
from tree_sitter import Language, Node, Query, QueryCursor

from corsmith.api.span import Span
from corsmith.api.tree import Tree, Unreadable

from ..javascript.finding import Finder
from ..javascript.source import Source
from ..remembered import Watched
from .scripts import script_of

FUNCTIONS = frozenset(
    {
        "function_declaration", "function_expression", "arrow_function", "method_definition",
        "generator_function_declaration", "generator_function",
    }
)  # fmt: skip
_BLOCKS = frozenset({"program", "statement_block", "switch_case", "class_static_block"})
_QUERY = "(call_expression) @call (new_expression) @call (assignment_expression) @assignment"


class Range(Struct, frozen=True):
    """A stretch of a file's bytes, as `Source.span` takes it."""

    start: int
    end: int


class Module(Struct, eq=False):
    """A parsed script. `calls` are its calls, in the order of the file; `assignments` what it assigns to members."""

    source: Source
    calls: list[Node] = field(default_factory=list)
    assignments: list[Node] = field(default_factory=list)
    declared: dict[int, dict[str, Node]] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The file's path."""
        return self.source.path

    def span(self, node: Node) -> Span:
        """Return where a node stands, in characters."""
        return self.source.span(Range(node.start_byte, node.end_byte))

    def names(self, block: Node) -> dict[str, Node]:
        """Return what a block declares itself: name → declarator, function, class, or import."""
        found = self.declared.get(block.id)
        if found is None:
            found = self.declared[block.id] = dict(_declared(block))
        return found


class Modules(Struct, eq=False):
    """All modules of a project's pages, parsed when they are asked for."""

    tree: Tree
    finder: Finder
    parsed: dict[str, Module | None] = field(default_factory=dict)
    _named: dict[tuple[str, str], Module | None] = field(default_factory=dict)

    def module(self, path: str) -> Module | None:
        """Return the module at `path`; None where it cannot be read, or has no script."""
        if path not in self.parsed:
            self.parsed[path] = self._parse(path)
        return self.parsed[path]

    def imported(self, name: str, importer: str) -> Module | None:
        """Return the module that an import names; None where it is none of the project."""
        key = (name, importer)
        if key not in self._named:
            self._named[key] = self._find(name, importer)
        return self._named[key]

    def _find(self, name: str, importer: str) -> Module | None:
        path = self.finder.find(name, importer)
        if path is None and name.startswith((".", "@/", "~/", "/")):
            path = self._markup(name, importer)
        return None if path is None or path.endswith(".json") else self.module(path)

    def _markup(self, name: str, importer: str) -> str | None:
        if name.startswith(("@/", "~/")):
            # By custom, the folder of the sources, where no tsconfig says otherwise.
            root = importer.rpartition("/src/")[0]
            stem = f"./{'src/' if '/src/' in importer or importer.startswith('src/') else ''}{name[2:]}"
            return self.finder.find(stem, f"{root}/x" if root else "x")
        return None

    def _parse(self, path: str) -> Module | None:
        try:
            source = script_of(path, self.tree.read(path))
        except Unreadable:
            return None
        if source is None:
            return None
        root = source.tree.root_node
        captured = QueryCursor(_query(source.tree.language)).captures(root)
        by_place = sorted(captured.get("call", ()), key=lambda node: (node.start_byte, -node.end_byte))
        return Module(source, by_place, captured.get("assignment", []))


def modules_of(tree: Tree) -> Modules:
    """Return the modules of the scripts in `tree`."""
    return Modules(tree, Finder(Watched(tree), (".",), {}))


@lru_cache(maxsize=4)
def _query(language: Language) -> Query:
    return Query(language, _QUERY)


def _declared(block: Node) -> Iterator[tuple[str, Node]]:
    for child in block.named_children:
        yield from _of_statement(child)


def _of_statement(node: Node) -> Iterator[tuple[str, Node]]:
    if node.type == "export_statement":
        inner = node.child_by_field_name("declaration")
        if inner is not None:
            yield from _of_statement(inner)
    elif node.type in {"lexical_declaration", "variable_declaration"}:
        for declarator in node.named_children:
            target = declarator.child_by_field_name("name")
            if target is not None:
                for name in bound_names(target):
                    yield name, declarator
    elif node.type in {
        "function_declaration",
        "generator_function_declaration",
        "class_declaration",
        "enum_declaration",
    }:
        name_node = node.child_by_field_name("name")
        if name_node is not None:
            yield said(name_node), node
    elif node.type == "import_statement":
        for name in _imported_names(node):
            yield name, node


def _imported_names(node: Node) -> Iterator[str]:
    clause = next((child for child in node.named_children if child.type == "import_clause"), None)
    for part in clause.named_children if clause is not None else ():
        if part.type == "identifier":
            yield said(part)
        elif part.type == "namespace_import":
            yield said(part.named_children[0])
        elif part.type == "named_imports":
            for each in part.named_children:
                alias = each.child_by_field_name("alias") or each.child_by_field_name("name")
                if alias is not None:
                    yield said(alias)


def bound_names(pattern: Node) -> Iterator[str]:
    """Yield the names that a pattern binds."""
    if pattern.type in {"identifier", "shorthand_property_identifier_pattern"}:
        yield said(pattern)
    else:
        for child in pattern.named_children:
            if child.type == "pair_pattern":
                value = child.child_by_field_name("value")
                if value is not None:
                    yield from bound_names(value)
            elif child.type in {"assignment_pattern", "object_assignment_pattern"}:
                left = child.child_by_field_name("left")
                if left is not None:
                    yield from bound_names(left)
            elif child.type not in {"type_annotation", "accessibility_modifier"}:
                yield from bound_names(child)


def said(node: Node) -> str:
    """Return a node's text."""
    return (node.text or b"").decode(errors="replace")


def is_block(node: Node) -> bool:
    """Say whether a node has declarations of its own."""
    return node.type in _BLOCKS


def enclosing(node: Node, kinds: frozenset[str]) -> Node | None:
    """Return the nearest node around `node` of one of `kinds`."""
    at = node.parent
    while at is not None and at.type not in kinds:
        at = at.parent
    return at
