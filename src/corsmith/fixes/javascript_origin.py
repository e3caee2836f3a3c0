"""Fixes to how JavaScript code decides which origins it allows: a test becomes a comparison with a list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from corsmith.api.fix import Edit
from corsmith.api.tree import Tree

from .javascript_headers import load
from .javascript_object import Script
from .javascript_syntax import Syntax, syntax

_ORIGIN = "access-control-allow-origin"
_TESTS = frozenset(("endsWith", "startsWith", "includes", "indexOf", "match", "test", "exec", "search"))
_OPTIONS = ("origin", "origins")
_PLAIN = frozenset(("string", "number", "true", "false", "null", "template_string"))


def compare_with_list(tree: Tree, file: str, origins: tuple[str, ...]) -> Iterator[tuple[Edit, ...]]:
    """Yield edits of `file`, each of which lets only `origins` be echoed: the tests first, then options, then what is sent."""
    of = load(tree, file)
    if of is None:
        return
    code = syntax(file, of.text)
    listed = "[" + ", ".join(of.quoted(origin) for origin in origins) + "]"
    sent = {code.text(value): value for value in _sent(code)}
    for subject in sent:
        for test in (*_tests(code, subject), *_present(code, subject)):
            yield (code.edit(test, f"{listed}.includes({subject})"),)
    yield from _options(of, code, origins, listed)
    edits = []
    for subject, value in sent.items():
        edits.append(code.edit(value, f"{listed}.includes({subject}) ? {subject} : {of.quoted(origins[0])}"))
    if edits:
        yield tuple(edits)


def both_spellings(tree: Tree, file: str) -> Iterator[tuple[Edit, ...]]:
    """Yield the edit that looks for the Origin header under both of its spellings, wherever `file` does under one."""
    of = load(tree, file)
    code = syntax(file, of.text) if of is not None else None
    edits: list[Edit] = []
    for node in code.of_type("member_expression", "subscript_expression") if code is not None else ():
        holder, name = node.child_by_field_name("object"), node.child_by_field_name("property")
        name = name if name is not None else node.child_by_field_name("index")
        if code is None or holder is None or name is None or code.text(name).strip("'\"`").lower() != "origin":
            continue
        text = code.text(holder)
        if "headers" in text.lower():
            edits.append(code.edit(node, f"({text}.origin || {text}.Origin)"))
    if edits:
        yield tuple(edits)


def _options(of: Script, code: Syntax, origins: tuple[str, ...], listed: str) -> Iterator[tuple[Edit, ...]]:
    """Yield edits of a CORS middleware's options: whatever its `origin` is becomes the list, or the one origin."""
    one = of.quoted(origins[0]) if len(origins) == 1 else listed
    for pair in code.of_type("pair"):
        key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
        if key is None or value is None or code.text(key).strip("'\"") not in _OPTIONS:
            continue
        written = listed if value.type == "array" or code.text(key).strip("'\"") == "origins" else one
        if code.text(value) != written:
            yield (code.edit(value, written),)
    for literal in of.literals:
        credentials = literal.entry("credentials")
        if credentials is not None and of.cut(credentials.value) == "true" and literal.entry("origin") is None:
            place = credentials.whole.start
            yield (Edit(of.file, place, place, f"origin: {one}, "),)


def _sent(code: Syntax) -> Iterator[Any]:
    """Yield the expressions that Access-Control-Allow-Origin is set to, where they are no plain texts."""
    for node in code.nodes:
        key = value = None
        if node.type == "pair":
            key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
        elif node.type == "assignment_expression":
            left, value = node.child_by_field_name("left"), node.child_by_field_name("right")
            key = (
                left.child_by_field_name("index") if left is not None and left.type == "subscript_expression" else None
            )
        elif node.type == "arguments" and len(node.named_children) == 2:
            key, value = node.named_children
        if key is None or value is None or code.text(key).strip("'\"`").lower() != _ORIGIN:
            continue
        if value.type not in (*_PLAIN, "ternary_expression", "binary_expression"):
            yield value


def _tests(code: Syntax, subject: str) -> Iterator[Any]:
    for call in code.of_type("call_expression"):
        function, given = call.child_by_field_name("function"), call.child_by_field_name("arguments")
        if function is None or given is None or function.type != "member_expression":
            continue
        of, name = function.child_by_field_name("object"), function.child_by_field_name("property")
        if name is None or code.text(name) not in _TESTS:
            continue
        about = [code.text(each) for each in (of, *given.named_children) if each is not None]
        if subject in about or f"{subject}?" in about:
            yield call
    for compared in code.of_type("binary_expression"):
        # `origin.indexOf("example.com") !== -1` is one test.
        left = compared.child_by_field_name("left")
        if left is not None and left.type == "call_expression" and f"{subject}.indexOf(" in code.text(left):
            yield compared


def _present(code: Syntax, subject: str) -> Iterator[Any]:
    """Yield where the code asks only whether there is an origin."""
    for node in code.nodes:
        if node.type not in ("if_statement", "ternary_expression"):
            continue
        test = node.child_by_field_name("condition")
        while test is not None and test.type == "parenthesized_expression" and test.named_children:
            test = test.named_children[0]
        if test is not None and code.text(test) == subject:
            yield test
