"""CORS middlewares of Node frameworks: given to an application that has none, taken away, or put in their right place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from corsmith.api.fix import Edit
from corsmith.api.span import Span
from corsmith.api.tree import Tree
from corsmith.api.wanted import Wanted

from .javascript_headers import load
from .javascript_module import add_import, remove_statement, remove_unused
from .javascript_object import Script
from .javascript_syntax import Syntax, syntax
from .javascript_wrapping import listed
from .lines import newline_of, pad_of
from .packages import require_node

_HONO = re.compile(r"new (Hono|OpenAPIHono)\b")
_CORS = re.compile(r"\b\w*cors\w*\(", re.IGNORECASE)
_EXPRESS = re.compile(r"(express|express\.Router)\(\)")
_CORS_VERSION = "^2.8.5"
_FASTIFY = re.compile(r"(await\s+)?[fF]astify\(")
_FASTIFY_VERSION = "^11.0.0"
_NEST = re.compile(r"(await\s+)?NestFactory\.create(<[^(]*>)?\(")
_PLUGIN = re.compile(
    r"\(\s*(?:\w*cors\w*\s*[,)]|(?:await\s+)?(?:require|import)\(\s*['\"](?:@fastify/|fastify-)cors['\"])",
    re.IGNORECASE,
)


def give_cors(tree: Tree, files: tuple[str, ...], wanted: Wanted) -> Iterator[tuple[Edit, ...]]:
    """Yield edits that give the application in one of `files` the CORS middleware of its framework."""
    for file in files:
        of = load(tree, file)
        if of is None:
            continue
        code = syntax(file, of.text)
        for declared in code.of_type("variable_declarator"):
            name, value = declared.child_by_field_name("name"), declared.child_by_field_name("value")
            if name is None or value is None or declared.parent is None:
                continue
            written = code.text(value)
            if _HONO.match(written):
                yield _used(of, code, declared, f"cors({_hono(of, wanted)})", "{ cors }", "hono/cors")
            elif _EXPRESS.match(written):
                edits = _used(of, code, declared, f"cors({_express(of, wanted)})", "cors", "cors")
                yield (*edits, *require_node(tree, file, "cors", _CORS_VERSION))
            elif _FASTIFY.match(written):
                made = f"register(cors, {_express(of, wanted)})"
                edits = (*_imported(of, code, "cors", "@fastify/cors"), _behind(of, code, declared, made))
                yield (*edits, *require_node(tree, file, "@fastify/cors", _FASTIFY_VERSION))
            elif _NEST.match(written):
                yield (_behind(of, code, declared, f"enableCors({_express(of, wanted)})"),)


def remove_cors(tree: Tree, file: str) -> Iterator[tuple[Edit, ...]]:
    """Yield the edits that take a CORS middleware away, for each place in `file` that uses one."""
    of = load(tree, file)
    if of is None:
        return
    code = syntax(file, of.text)
    for call in _uses_of_cors(code):
        receiver = call.child_by_field_name("function").child_by_field_name("object")
        used = code.text(call)[len(code.text(receiver)) :]
        place, held = code.span(call), code.span(receiver)
        gone = Span(place.file, held.end, place.end)
        unused = [
            edit
            for name in dict.fromkeys(re.findall(r"[A-Za-z_$][\w$]*", used))
            for edit in remove_unused(code, name, (gone,))
        ]
        holder = call.parent
        if holder is not None and holder.type == "await_expression":
            holder = holder.parent
        if holder is not None and holder.type == "expression_statement" and receiver.type == "identifier":
            yield (remove_statement(code, holder), *unused)
        else:
            yield (Edit(gone.file, gone.start, gone.end, ""), *unused)


def reorder(tree: Tree, file: str) -> Iterator[tuple[Edit, ...]]:
    """Yield the edits that put a CORS middleware of `file` before the others of its chain, or behind them.

    middy runs what follows the handler, and errors, from the last middleware to the first.
    """
    of = load(tree, file)
    if of is None:
        return
    code = syntax(file, of.text)
    for call in _uses_of_cors(code):
        if not _is_called(code, call, "use"):
            continue
        first, following = list(_chain(call))[-1], list(_after(call))
        own = _segment(code, call)
        text = of.text[own.start : own.end]
        if first is not call:
            place = code.span(first.child_by_field_name("function").child_by_field_name("object")).end
            yield (Edit(own.file, place, place, text), Edit(own.file, own.start, own.end, ""))
        if following:
            end = code.span(following[-1]).end
            yield (Edit(own.file, own.start, own.end, ""), Edit(own.file, end, end, text))


def _uses_of_cors(code: Syntax) -> Iterator[Any]:
    """Yield the calls of `.use(…)` and `.register(…)` whose argument is a CORS middleware by its name, and `.enableCors(…)`."""
    for call in code.of_type("call_expression"):
        function, given = call.child_by_field_name("function"), call.child_by_field_name("arguments")
        if function is None or given is None or function.type != "member_expression":
            continue
        written = code.text(given)
        if (
            (_is_called(code, call, "use") and _CORS.search(written))
            or (_is_called(code, call, "register") and _PLUGIN.match(written))
            or _is_called(code, call, "enableCors")
        ):
            yield call


def _is_called(code: Syntax, call: Any, method: str) -> bool:
    name = call.child_by_field_name("function").child_by_field_name("property")
    return name is not None and code.text(name) == method


def _chain(call: Any) -> Iterator[Any]:
    """Yield the calls of `.use` of a chain, from `call` back to the first."""
    node = call
    while node is not None and node.type == "call_expression":
        function = node.child_by_field_name("function")
        if function is None or function.type != "member_expression":
            return
        yield node
        node = function.child_by_field_name("object")


def _after(call: Any) -> Iterator[Any]:
    """Yield the calls of the chain that follow `call`."""
    node = call
    while node.parent is not None and node.parent.type == "member_expression" and node.parent.parent is not None:
        node = node.parent.parent
        if node.type != "call_expression":
            return
        yield node


def _segment(code: Syntax, call: Any) -> Span:
    """Return where `.use(…)` stands, blanks before it included."""
    place = code.span(call)
    receiver = call.child_by_field_name("function").child_by_field_name("object")
    return Span(place.file, code.span(receiver).end, place.end)


def _used(of: Script, code: Syntax, declared: Any, made: str, names: str, package: str) -> tuple[Edit, ...]:
    return (*_imported(of, code, names, package), _behind(of, code, declared, f"use({made})"))


def _imported(of: Script, code: Syntax, names: str, package: str) -> tuple[Edit, ...]:
    bare = names.strip("{ }")
    known = any(code.text(node) == bare for node in code.of_type("identifier"))
    return () if known else (add_import(of, names, package),)


def _behind(of: Script, code: Syntax, declared: Any, made: str) -> Edit:
    """Call a method of what is declared, in the next line."""
    statement = declared.parent
    if statement.parent is not None and statement.parent.type == "export_statement":
        statement = statement.parent
    place = code.span(statement).end
    stop = ";" if of.text[place - 1 : place] == ";" else ""
    pad = pad_of(of.text, code.span(statement).start)
    name = code.text(declared.child_by_field_name("name"))
    return Edit(of.file, place, place, f"{newline_of(of.text)}{pad}{name}.{made}{stop}")


def _hono(of: Script, wanted: Wanted) -> str:
    found = [f"origin: {listed(of, wanted.origins)}", f"allowMethods: {listed(of, wanted.methods)}"]
    found += [f"allowHeaders: {listed(of, wanted.headers)}"] if wanted.headers else []
    found += ["credentials: true"] if wanted.credentials else []
    return "{ " + ", ".join(found) + " }"


def _express(of: Script, wanted: Wanted) -> str:
    found = [f"origin: {listed(of, wanted.origins)}", f"methods: {listed(of, wanted.methods)}"]
    found += [f"allowedHeaders: {listed(of, wanted.headers)}"] if wanted.headers else []
    found += ["credentials: true"] if wanted.credentials else []
    return "{ " + ", ".join(found) + " }"
