"""Blocks that are written plainly are read without the parser: attributes with literals, references, calls, lists, objects.

Most of what people write is that, and a parser's tree costs more to walk than such a text. Where anything else turns up (a
heredoc, an operator, a loop, a mistake), `Elaborate` says so, and the parser reads the block or the file: what both can
read, both read alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import accumulate, chain

from corsmith.api.span import Span
from corsmith.readers.nodes import Scalar

from .syntax import Attr, Attribute, Block, Body, Call, Expression, Filled, Index, ListOf, Literal, Name, ObjectOf
from .templates import plain_text

DEEPEST = 40
"""How deep blocks and expressions may be nested here."""
_GAP = r"(?:[ \t\r]+|\#[^\n]*|//[^\n]*|/\*[^*]*(?:\*(?!/)[^*]*)*\*/)*"
_ESCAPE = r"\\(?:[nrt\"\\]|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})"
_FILLED = r"\$\{[^\"{}\n]*(?:\"(?:[^\"\\\n]|\\.)*\"[^\"{}\n]*)*\}"
_TEXT = rf"\"[^\"\\$%\n]*(?:(?:{_ESCAPE}|[$%](?![{{$%])|{_FILLED})[^\"\\$%\n]*)*\""
_HEREDOC = r"<<-?([A-Za-z_][\w-]*)[ \t]*\r?\n(?:.*\n)*?[ \t]*\2[ \t]*\r?(?=\n|\Z)"
_REST = r"(?:\"|<<|/\*)[\s\S]*"
"""What has no end: to look for more tokens in it would take a time that grows with the square of its length."""
_WORD = rf"[A-Za-z_][\w-]*|\n[ \t\r\n]*|{_TEXT}|[\[\]{{}}(),.:]|=(?![=>])|[0-9]+(?:\.[0-9]+)?"
_SCAN = re.compile(rf"({_WORD}|{_REST}|.)({_GAP})", re.ASCII)
_SCAN_HEREDOCS = re.compile(rf"({_WORD}|{_HEREDOC}|{_REST}|.)({_GAP})", re.ASCII)
_ENDED = re.compile(rf"{_TEXT}|{_HEREDOC.replace('2', '1')}", re.ASCII)
_LEADING = re.compile(_GAP)
_IN_TEXT = re.compile(_FILLED)
_REFERENCE = re.compile(r"[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)+", re.ASCII)
_WORDS = {"true": "bool", "false": "bool", "null": "null"}
_KEYWORDS = frozenset({"for", "if", "in"})
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
_END = ""


class Elaborate(Exception):  # noqa: N818 - it names the text's state
    """A text holds more than is read here."""


class Tokens:
    """The tokens of a text, and where each stands. `ends`: where the one before ends is told by its length."""

    __slots__ = ("file", "starts", "words")

    def __init__(self, text: str, file: str, shift: int = 0) -> None:
        self.file = file
        lead = _LEADING.match(text)
        before = lead.end() if lead is not None else 0
        if "<<" in text:
            found = [(word, gap) for word, _, gap in _SCAN_HEREDOCS.findall(text, before)]
        else:
            found = _SCAN.findall(text, before)
        places = list(accumulate(map(len, chain.from_iterable(found)), initial=before + shift))
        if places[-1] != len(text) + shift:
            raise Elaborate
        self.words = [word for word, _ in found]
        last = self.words[-1] if found else ""
        if last[:1] in ('"', "<", "/") and last and _ENDED.fullmatch(last) is None:
            raise Elaborate
        self.words.append(_END)
        self.starts = places[0::2]

    def span(self, first: int, last: int) -> Span:
        """Return the span from one token to the end of another."""
        return Span(self.file, self.starts[first], self.starts[last] + len(self.words[last]))


Otherwise = Callable[[int, int], Body]
"""Reads the block between two places of the text in another way. Raises `Elaborate`."""


def plain_body(text: str, file: str, otherwise: Otherwise) -> Body | None:
    """Return what a file says; blocks that hold more than is read here are read by `otherwise`. None for an empty file.

    Raises `Elaborate` where the file cannot be taken apart into its blocks.
    """
    tokens = Tokens(text, file)
    found, at = _body(tokens, 0, 0, otherwise)
    if tokens.words[at] != _END:
        raise Elaborate
    return found


def _body(tokens: Tokens, at: int, depth: int, otherwise: Otherwise | None = None) -> tuple[Body | None, int]:
    """Return the attributes and blocks from a token on, and the token behind them; None where there are none."""
    if depth > DEEPEST:
        raise Elaborate
    words, starts, file = tokens.words, tokens.starts, tokens.file
    attributes: list[Attribute] = []
    blocks: list[Block] = []
    first = last = -1
    while True:
        word = words[at]
        if word[:1] == "\n":
            at += 1
            continue
        if word == "}" or word == _END:
            break
        if word[0] not in _LETTERS:
            raise Elaborate
        begin = at
        if words[at + 1] == "=":
            key = Span(file, starts[at], starts[at] + len(word))
            value, at = expression(tokens, at + 2, 0)
            attributes.append(Attribute(word, key, value))
            if words[at][:1] not in ("\n", "}", _END):
                raise Elaborate
            last = at - 1
        else:
            try:
                made, at = _block(tokens, at, depth)
                blocks.append(made)
            except Elaborate:
                if otherwise is None:
                    raise
                at = _behind(tokens.words, at)
                blocks += otherwise(starts[begin], starts[at - 1] + 1).blocks
            last = at - 1
        first = begin if first < 0 else first
    if first < 0:
        return None, at
    return Body(tokens.span(first, last), tuple(attributes), tuple(blocks)), at


def _block(tokens: Tokens, at: int, depth: int) -> tuple[Block, int]:
    words = tokens.words
    begin = at
    labels: list[str] = []
    at += 1
    while words[at] != "{":
        label = words[at]
        if label[:1] == '"' and "${" not in label:
            labels.append(label.strip('"'))
        elif label[:1] in _LETTERS and label:
            labels.append(label)
        else:
            raise Elaborate
        at += 1
    header = tokens.span(begin, at - 1)
    inside, at = _body(tokens, at + 1, depth + 1)
    if words[at] != "}":
        raise Elaborate
    span = tokens.span(begin, at)
    made = inside if inside is not None else Body(Span(span.file, span.end, span.end))
    return Block(words[begin], tuple(labels), header, span, lambda: made, made), at + 1


def _behind(words: list[str], at: int) -> int:
    """Return the token behind the block that begins at one. Raises `Elaborate` where it has no end."""
    open_ = 0
    while words[at] != _END:
        if words[at] == "{":
            open_ += 1
        elif words[at] == "}":
            open_ -= 1
            if open_ <= 0:
                return at + 1
        at += 1
    raise Elaborate


def expression(tokens: Tokens, at: int, depth: int) -> tuple[Expression, int]:
    """Return the expression at a token, and the token behind it."""
    if depth > DEEPEST:
        raise Elaborate
    words, starts, file = tokens.words, tokens.starts, tokens.file
    word = words[at]
    start = starts[at]
    head = word[:1]
    found: Expression
    if head == '"':
        span = Span(file, start, start + len(word))
        if "${" in word:
            found = _filled(word, span)
        else:
            found = Literal(Scalar(plain_text(word[1:-1]) if "\\" in word else word[1:-1], span, "str", "double"))
        at += 1
    elif head in _LETTERS and head:
        if word in _KEYWORDS:
            raise Elaborate
        span = Span(file, start, start + len(word))
        at += 1
        if words[at] == "(":
            found, at = _call(tokens, at - 1, depth)
        elif word in _WORDS:
            return Literal(Scalar("" if word == "null" else word, span, _WORDS[word])), at
        else:
            found = Name(word, span)
    elif head.isdigit():
        return Literal(Scalar(word, Span(file, start, start + len(word)), "int" if word.isdigit() else "float")), at + 1
    elif head == "[":
        found, at = _list(tokens, at, depth)
    elif head == "{":
        found, at = _object(tokens, at, depth)
    else:
        raise Elaborate
    while True:
        word = words[at]
        if word == ".":
            name = words[at + 1]
            if name[:1] not in _LETTERS or not name:
                raise Elaborate
            at += 2
            found = Attr(found, name, Span(file, start, starts[at - 1] + len(name)))
        elif word == "[":
            key, at = expression(tokens, at + 1, depth + 1)
            if words[at] != "]":
                raise Elaborate
            found = Index(found, key, Span(file, start, starts[at] + 1))
            at += 1
        else:
            return found, at


def _call(tokens: Tokens, at: int, depth: int) -> tuple[Expression, int]:
    words = tokens.words
    begin = at
    arguments: list[Expression] = []
    at = _line(words, at + 2)
    while words[at] != ")":
        made, at = expression(tokens, at, depth + 1)
        arguments.append(made)
        at = _line(words, at)
        if words[at] == ",":
            at = _line(words, at + 1)
        elif words[at] != ")":
            raise Elaborate
    return Call(words[begin], tuple(arguments), tokens.span(begin, at)), at + 1


def _list(tokens: Tokens, at: int, depth: int) -> tuple[Expression, int]:
    words = tokens.words
    begin = at
    items: list[Expression] = []
    at = _line(words, at + 1)
    while words[at] != "]":
        made, at = expression(tokens, at, depth + 1)
        items.append(made)
        at = _line(words, at)
        if words[at] == ",":
            at = _line(words, at + 1)
        elif words[at] != "]":
            raise Elaborate
    return ListOf(tuple(items), tokens.span(begin, at)), at + 1


def _object(tokens: Tokens, at: int, depth: int) -> tuple[Expression, int]:
    words = tokens.words
    begin = at
    entries: list[tuple[Expression, Expression]] = []
    at = _line(words, at + 1)
    while words[at] != "}":
        word = words[at]
        place = tokens.span(at, at)
        key: Expression
        if word[:1] == '"' and "${" not in word:
            key = Literal(Scalar(plain_text(word[1:-1]), place, "str", "double"))
        elif word[:1] in _LETTERS and word and word not in _WORDS and word not in _KEYWORDS:
            key = Literal(Scalar(word, place))
        else:
            raise Elaborate
        if words[at + 1] not in ("=", ":"):
            raise Elaborate
        value, at = expression(tokens, at + 2, depth + 1)
        entries.append((key, value))
        if words[at][:1] not in ("\n", ",", "}"):
            raise Elaborate
        at = _line(words, at + 1) if words[at] != "}" else at
        if words[at] == ",":
            at = _line(words, at + 1)
    return ObjectOf(tuple(entries), tokens.span(begin, at)), at + 1


def _line(words: list[str], at: int) -> int:
    """Return the next token that is no line's end."""
    while words[at][:1] == "\n":
        at += 1
    return at


def _filled(word: str, span: Span) -> Expression:
    """Return a quoted text with references in it."""
    parts: list[Expression] = []
    at = 1
    for match in _IN_TEXT.finditer(word):
        start, end = match.span()
        if word[start + 2] == "~" or word[end - 2] == "~" or word[start - 1] == "$":
            raise Elaborate
        if start > at:
            parts.append(_text(word, at, start, span))
        parts.append(_inside(word[start + 2 : end - 1], span.file, span.start + start + 2))
        at = end
    if at < len(word) - 1:
        parts.append(_text(word, at, len(word) - 1, span))
    return Filled(tuple(parts), span)


def _inside(text: str, file: str, start: int) -> Expression:
    """Return the expression between two braces."""
    if _REFERENCE.fullmatch(text) is not None:
        first, *others = text.split(".")
        end = start + len(first)
        found: Expression = Name(first, Span(file, start, end))
        for name in others:
            end += 1 + len(name)
            found = Attr(found, name, Span(file, start, end))
        return found
    inner = Tokens(text, file, start)
    found, behind = expression(inner, 0, 1)
    if inner.words[behind] != _END:
        raise Elaborate
    return found


def _text(word: str, start: int, end: int, span: Span) -> Literal:
    place = Span(span.file, span.start + start, span.start + end)
    return Literal(Scalar(plain_text(word[start:end]), place, "str", "double"))
