"""Template text to tree, by recursive descent over one cursor."""

from __future__ import annotations

import re
from functools import lru_cache

from .nodes import (
    Assignment,
    Branch,
    Condition,
    Definition,
    Expression,
    Index,
    Interpolated,
    Literal,
    Loop,
    Member,
    Node,
    Operation,
    Reference,
    Unsupported,
)

_TEXT = re.compile(r"[^$#\\]+")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_REFERENCE = re.compile(r"\$!?\{?[A-Za-z]")
_DIRECTIVE = re.compile(r"#\{?(set|if|elseif|else|end|foreach|define)\b\}?")
_OTHER_DIRECTIVE = re.compile(r"#\{?(@?[A-Za-z]+)")
_COMMENT = re.compile(r"##[^\n]*\n?|#\*.*?\*#", re.DOTALL)
_BLANK = re.compile(r"\s*")
_OPERATORS = (
    (("||", "or"),),
    (("&&", "and"),),
    (("==", "eq"), ("!=", "ne"), ("<=", "le"), (">=", "ge"), ("<", "lt"), (">", "gt")),
    (("+", None), ("-", None)),
)
"""Operators by binding, loosest first; each with its word."""


@lru_cache(maxsize=512)
def parse(text: str) -> tuple[Node, ...]:
    """Return the tree of a template. Raises `Unsupported`."""
    parser = _Parser(text)
    try:
        nodes = parser.nodes()
    except RecursionError:
        raise Unsupported("nesting this deep") from None
    if parser.at < len(text):
        raise Unsupported(f"a {text[parser.at : parser.at + 8].split('(')[0].strip()} without its #if")
    return nodes


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def nodes(self) -> tuple[Node, ...]:
        """Read up to the end, or to an `#elseif`, `#else` or `#end`."""
        found: list[Node] = []
        while self.at < len(self.text):
            comment = _COMMENT.match(self.text, self.at)
            directive = _DIRECTIVE.match(self.text, self.at)
            if comment is not None:
                self.at = comment.end()
            elif directive is None:
                found.append(self._plain())
            elif directive[1] == "set":
                self.at = directive.end()
                found.append(self._assignment())
            elif directive[1] == "if":
                self.at = directive.end()
                found.append(self._condition())
            elif directive[1] == "foreach":
                self.at = directive.end()
                found.append(self._loop())
            elif directive[1] == "define":
                self.at = directive.end()
                found.append(self._definition())
            else:
                break
        return tuple(found)

    def _plain(self) -> Node:
        text, at = self.text, self.at
        matched = _TEXT.match(text, at)
        if matched is not None:
            self.at = matched.end()
            return Literal(matched[0])
        if _REFERENCE.match(text, at) is not None:
            return self._reference()
        other = _OTHER_DIRECTIVE.match(text, at)
        if other is not None and not _is_colour(text, at):
            raise Unsupported(f"the directive #{other[1]}")
        # A lone mark, or an escaped one.
        length = 2 if text[at] == "\\" and at + 1 < len(text) and text[at + 1] in "$#" else 1
        self.at = at + length
        return Literal(text[at + length - 1 : at + length])

    def _condition(self) -> Condition:
        branches = [Branch(self._parenthesised(), self.nodes())]
        otherwise: tuple[Node, ...] = ()
        while True:
            directive = _DIRECTIVE.match(self.text, self.at)
            if directive is None:
                raise Unsupported("an #if without its #end")
            self.at = directive.end()
            if directive[1] == "end":
                return Condition(tuple(branches), otherwise)
            if directive[1] == "else":
                otherwise = self.nodes()
            else:
                branches.append(Branch(self._parenthesised(), self.nodes()))

    def _loop(self) -> Loop:
        self._expect("(")
        variable = self._variable()
        self._skip()
        if not self._take("in"):
            raise Unsupported("a #foreach without in")
        items = self._expression(0)
        self._expect(")")
        return Loop(variable, items, self._body("foreach"))

    def _definition(self) -> Definition:
        self._expect("(")
        name = self._variable()
        self._expect(")")
        return Definition(name, self._body("define"))

    def _body(self, what: str) -> tuple[Node, ...]:
        nodes = self.nodes()
        directive = _DIRECTIVE.match(self.text, self.at)
        if directive is None or directive[1] != "end":
            raise Unsupported(f"a #{what} without its #end")
        self.at = directive.end()
        return nodes

    def _variable(self) -> str:
        self._skip()
        if _REFERENCE.match(self.text, self.at) is None:
            raise Unsupported("a missing variable")
        return self._reference().name

    def _assignment(self) -> Assignment:
        self._expect("(")
        self._skip()
        if _REFERENCE.match(self.text, self.at) is None:
            raise Unsupported("a #set without a target")
        target = self._reference()
        self._expect("=")
        value = self._expression(0)
        self._expect(")")
        return Assignment(target, value)

    def _parenthesised(self) -> Expression:
        self._expect("(")
        value = self._expression(0)
        self._expect(")")
        return value

    def _expression(self, level: int) -> Expression:
        if level == len(_OPERATORS):
            return self._operand()
        left = self._expression(level + 1)
        while True:
            operator = self._operator(level)
            if operator is None:
                return left
            left = Operation(operator, (left, self._expression(level + 1)))

    def _operator(self, level: int) -> str | None:
        self._skip()
        for symbol, word in _OPERATORS[level]:
            if self.text.startswith(symbol, self.at):
                self.at += len(symbol)
                return symbol
            if word is not None and re.compile(rf"{word}\b").match(self.text, self.at):
                self.at += len(word)
                return symbol
        return None

    def _operand(self) -> Expression:
        self._skip()
        text, at = self.text, self.at
        first = text[at : at + 1]
        if first == "(":
            return self._parenthesised()
        if first == "!" or re.compile(r"not\b").match(text, at):
            self.at += 1 if first == "!" else 3
            return Operation("!", (self._operand(),))
        if first in ('"', "'"):
            return self._quoted(first)
        if _REFERENCE.match(text, at) is not None:
            return self._reference()
        matched = re.compile(r"-?[0-9]{1,18}(?![0-9.])|true\b|false\b|null\b").match(text, at)
        if matched is None:
            raise Unsupported(f"the expression {text[at : at + 20].split(')')[0].strip() or 'that is missing'}")
        self.at = matched.end()
        return Literal({"true": True, "false": False, "null": None}.get(matched[0], _whole(matched[0])))

    def _quoted(self, quote: str) -> Expression:
        end = self.text.find(quote, self.at + 1)
        if end < 0:
            raise Unsupported("a quote that is not closed")
        content = self.text[self.at + 1 : end]
        self.at = end + 1
        if quote == "'" or ("$" not in content and "#" not in content):
            return Literal(content)
        return Interpolated(parse(content))

    def _reference(self) -> Reference:
        start = self.at
        self.at += 1
        quiet = self._take("!")
        braced = self._take("{")
        name = self._name()
        members: list[Member | Index] = []
        while True:
            mark = self.text[self.at : self.at + 1]
            if mark == "." and _NAME.match(self.text, self.at + 1) is not None:
                self.at += 1
                members.append(self._member())
            elif mark == "[":
                self.at += 1
                members.append(Index(self._expression(0)))
                self._expect("]")
            else:
                break
        if braced and not self._take("}"):
            raise Unsupported("a ${ that is not closed")
        return Reference(name, tuple(members), self.text[start : self.at], quiet)

    def _member(self) -> Member:
        name = self._name()
        if not self._take("("):
            return Member(name, None)
        arguments: list[Expression] = []
        self._skip()
        while not self._take(")"):
            arguments.append(self._expression(0))
            self._skip()
            self._take(",")
            self._skip()
        return Member(name, tuple(arguments))

    def _name(self) -> str:
        matched = _NAME.match(self.text, self.at)
        assert matched is not None, "callers have seen a letter"
        self.at = matched.end()
        return matched[0]

    def _take(self, mark: str) -> bool:
        taken = self.text.startswith(mark, self.at)
        self.at += len(mark) if taken else 0
        return taken

    def _expect(self, mark: str) -> None:
        self._skip()
        if not self._take(mark):
            raise Unsupported(f"a missing {mark}")

    def _skip(self) -> None:
        matched = _BLANK.match(self.text, self.at)
        self.at = matched.end() if matched is not None else self.at


def _whole(text: str) -> int | None:
    return int(text) if text[-1].isdigit() else None


def _is_colour(text: str, at: int) -> bool:
    return re.compile(r"#[0-9a-fA-F]{3,8}\b").match(text, at) is not None
