"""A Node function wrapped with lambda-cors: the headers are then on every response, errors and preflights included."""

from __future__ import annotations

from typing import Any

from corsmith.api.fix import Edit
from corsmith.api.tree import Tree
from corsmith.api.wanted import Wanted

from .javascript_headers import load
from .javascript_module import add_import
from .javascript_object import Script
from .javascript_syntax import Syntax, syntax
from .packages import require_node

PACKAGE = "lambda-cors"
VERSION = "^0.1.0"


def wrap(tree: Tree, file: str, entry: str, wanted: Wanted) -> tuple[Edit, ...]:
    """Return the edits that wrap the exported function `entry`; none where it is wrapped, or exported in another way."""
    of = load(tree, file)
    if of is None or PACKAGE in of.text:
        return ()
    code = syntax(file, of.text)
    taken = any(code.text(node) in ("cors", "Policy") for node in code.of_type("identifier"))
    wrapper, policy = ("withCors", "CorsPolicy") if taken else ("cors", "Policy")
    made = f"{wrapper}(new {policy}({{ {', '.join(_options(of, wanted))} }}))"
    edits = _wrapped(code, entry, made)
    if not edits:
        return ()
    esm = any(True for _ in code.of_type("import_statement", "export_statement")) or not file.endswith((".js", ".cjs"))
    alias = " as " if esm else ": "
    names = f"{{ Policy{alias}CorsPolicy, cors{alias}withCors }}" if taken else "{ Policy, cors }"
    return (add_import(of, names, PACKAGE), *edits, *require_node(tree, file, PACKAGE, VERSION))


def _wrapped(code: Syntax, entry: str, made: str) -> tuple[Edit, ...]:
    for node in code.nodes:
        if node.type == "export_statement":
            declared = node.child_by_field_name("declaration")
            if declared is not None and declared.type == "function_declaration":
                name = declared.child_by_field_name("name")
                if name is not None and code.text(name) == entry:
                    return _function(code, node, declared, entry, made)
        elif node.type == "variable_declarator" and node.parent is not None and node.parent.parent is not None:
            name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
            above = node.parent.parent
            exported = above.type == "export_statement" or (above.type == "program" and _exported(code, entry))
            if exported and name is not None and code.text(name) == entry and value is not None:
                return _around(code, value, made)
        elif node.type == "assignment_expression":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if (
                left is not None
                and right is not None
                and code.text(left) in (f"exports.{entry}", f"module.exports.{entry}")
            ):
                return _around(code, right, made)
    return ()


def _exported(code: Syntax, entry: str) -> bool:
    """Say whether a name is exported apart from where it is declared."""
    for node in code.of_type("export_clause", "assignment_expression"):
        text = code.text(node)
        if node.type == "export_clause" and entry in text.strip("{} ").replace(",", " ").split():
            return True
        if text.startswith(("module.exports", "exports.")) and entry in text.partition("=")[2]:
            return True
    return False


def _function(code: Syntax, statement: Any, declared: Any, entry: str, made: str) -> tuple[Edit, ...]:
    """`export async function handler() {…}` becomes `export const handler = cors(policy)(async function handler() {…});`."""
    whole, own = code.span(statement), code.span(declared)
    return (
        Edit(whole.file, own.start, own.start, f"const {entry} = {made}("),
        Edit(whole.file, own.end, own.end, ");"),
    )


def _around(code: Syntax, value: Any, made: str) -> tuple[Edit, ...]:
    span = code.span(value)
    return (Edit(span.file, span.start, span.start, f"{made}("), Edit(span.file, span.end, span.end, ")"))


def _options(of: Script, wanted: Wanted) -> list[str]:
    methods = tuple(method for method in wanted.methods if method not in ("OPTIONS", "GET", "HEAD", "POST"))
    found = [f"origins: {listed(of, wanted.origins)}"]
    found += [f"methods: {listed(of, methods)}"] if methods else []
    found += [f"requestHeaders: {listed(of, wanted.headers)}"] if wanted.headers else []
    return [*found, "credentials: true"] if wanted.credentials else found


def listed(of: Script, items: tuple[str, ...]) -> str:
    """Return a list of texts in the file's own quotes."""
    return "[" + ", ".join(of.quoted(item) for item in items) + "]"
