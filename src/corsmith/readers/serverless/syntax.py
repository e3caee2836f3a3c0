"""The syntax of variables, `${type(parameters):address, fallback}`, parsed into texts and variables.

What merely looks like a variable is text: `${AWS::Region}` and `${Name}` are CloudFormation's. A backslash before `${`
makes it text too. Source: the Serverless Framework's guide, "Variables"; its behaviour, measured.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache

from msgspec import Struct

DEEPEST = 20
"""How deep variables may stand inside variables."""

_TYPE = re.compile(r"[a-z][a-zA-Z0-9.-]*(?=[:(])")
_PLAIN = re.compile(r"\$\{[a-zA-Z][\w.:-]*\}", re.A)
"""A variable with nothing in it but a kind and an address. Many texts hold the same one."""
_RUNS = {ends: re.compile(f"[^${ends}]+") for ends in (",}", ",)", "}")}
"""Characters that are neither an end nor begin a variable."""
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)$")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


class Malformed(Exception):  # noqa: N818 - it names the text's state
    """A variable that Serverless cannot parse. Its text is a phrase."""


class Literal(Struct, frozen=True):
    """A fallback that is written out: a text, a number, true, false or null."""

    value: str | int | float | bool | None


class Lookup(Struct, frozen=True):
    """A place to look: `type` "self", "file", "opt" …, its parameters and its address, which may hold variables."""

    type: str
    parameters: tuple[Parts, ...] = ()
    address: Parts | None = None

    @property
    def plain(self) -> str:
        """The address where no variable is in it or in a parameter; "" where there is none."""
        first = self.address[0] if self.address is not None and len(self.address) == 1 else ""
        return first if isinstance(first, str) and not self.parameters else ""


class Variable(Struct, frozen=True):
    """A variable: the places to look, the first that has a value counts. `text` is how it is written."""

    sources: tuple[Lookup | Literal, ...]
    text: str


Parts = tuple[str | Variable, ...]
"""A text: its plain pieces and its variables, in order."""


@lru_cache(maxsize=16_384)
def parse(text: str) -> Parts:
    """Return the pieces of `text`. Raises `Malformed`."""
    if "${" not in text:
        return (text,)
    return _Parser(text).parts()


@lru_cache(maxsize=1024)
def _plain(text: str) -> Variable | None:
    return _Parser(text).variable()


class _Parser(Struct):
    text: str
    at: int = 0
    depth: int = 0

    def parts(self) -> Parts:
        """Read the whole text."""
        found: list[str | Variable] = []
        plain = ""
        while self.at < len(self.text):
            start = self.text.find("${", self.at)
            if start < 0:
                break
            before = self.text[self.at : start]
            slashes = len(before) - len(before.rstrip("\\"))
            plain += before[: len(before) - slashes] + "\\" * (slashes // 2)
            self.at = start
            if slashes % 2:
                plain += "${"
                self.at = start + 2
                continue
            match = _PLAIN.match(self.text, start)
            variable = _plain(match.group()) if match is not None else self.variable()
            if variable is None:
                plain += "${"
                self.at = start + 2
            else:
                self.at = match.end() if match is not None else self.at
                found += (plain, variable) if plain else (variable,)
                plain = ""
        plain += self.text[self.at :]
        return (*found, plain) if plain or not found else tuple(found)

    def variable(self) -> Variable | None:
        """Read the variable that begins here; None where it is none, and then nothing is read."""
        start = self.at
        match = _TYPE.match(self.text, start + 2)
        if match is None or self.text.startswith("::", match.end()):
            return None
        if self.depth >= DEEPEST:
            raise Malformed("variables are nested too deep")
        self.depth += 1
        self.at = start + 2
        sources: list[Lookup | Literal] = [self.lookup()]
        while self.text[self.at : self.at + 1] == ",":
            self.at += 1
            self.blanks()
            sources.append(self.fallback())
            self.blanks()
        if self.text[self.at : self.at + 1] != "}":
            raise Malformed(f"{self.text[start:]!r} lacks its closing brace" if self.at >= len(self.text) else
                            f"{self.text[self.at]!r} is out of place in {self.text!r}")  # fmt: skip
        self.at += 1
        self.depth -= 1
        return Variable(tuple(sources), self.text[start : self.at])

    def lookup(self) -> Lookup:
        match = _TYPE.match(self.text, self.at)
        if match is None:
            raise Malformed(f"{self.text[self.at :]!r} begins with no kind of variable")
        self.at = match.end()
        parameters: tuple[Parts, ...] = ()
        if self.text[self.at] == "(":
            parameters = self.parameters()
            self.blanks()
        address: Parts | None = None
        if self.text[self.at : self.at + 1] == ":":
            self.at += 1
            self.blanks()
            written = self.value(",}")
            address = written if written != ("",) else None
        return Lookup(match.group(), parameters, address)

    def parameters(self) -> tuple[Parts, ...]:
        found: list[Parts] = []
        while True:
            self.at += 1
            self.blanks()
            found.append(self.value(",)"))
            if self.at >= len(self.text):
                raise Malformed(f"{self.text!r} lacks a closing parenthesis")
            if self.text[self.at] == ")":
                self.at += 1
                return tuple(found)

    def fallback(self) -> Lookup | Literal:
        """Read what comes behind a comma: another lookup, a nested variable, or a value written out."""
        if self.text.startswith("${", self.at):
            inner = self.variable()
            if inner is not None and len(inner.sources) == 1:
                return inner.sources[0]
            if inner is not None:
                return Lookup("any", (), (inner,))
        if _TYPE.match(self.text, self.at):
            return self.lookup()
        quoted = self.text[self.at : self.at + 1] in ("'", '"')
        written = self.value("}" if not quoted else ",}")
        text = "".join(part for part in written if isinstance(part, str))
        if quoted:
            return Literal(text)
        if text in _WORDS:
            return Literal(_WORDS[text])
        if _NUMBER.match(text):
            return Literal(float(text) if "." in text else int(text))
        raise Malformed(f"the fallback {text!r} needs quotes")

    def value(self, ends: str) -> Parts:
        """Read up to one of the characters `ends`, which stays; a text in quotes is taken without them."""
        quote = self.text[self.at : self.at + 1]
        if quote in ("'", '"') and quote:
            return (self.quoted(quote),)
        found: list[str | Variable] = []
        plain = ""
        while self.at < len(self.text) and self.text[self.at] not in ends:
            variable = self.variable() if self.text.startswith("${", self.at) else None
            if variable is not None:
                found += (plain, variable) if plain else (variable,)
                plain = ""
            else:
                run = _RUNS[ends].match(self.text, self.at)
                end = run.end() if run is not None else self.at + 1
                plain += self.text[self.at : end]
                self.at = end
        plain = plain.rstrip() if not found else plain.rstrip(" ")
        return (*found, plain) if plain or not found else tuple(found)

    def quoted(self, quote: str) -> str:
        start = self.at
        self.at += 1
        while self.at < len(self.text) and self.text[self.at] != quote:
            self.at += 2 if quote == '"' and self.text[self.at] == "\\" else 1
        if self.at >= len(self.text):
            raise Malformed(f"{self.text[start:]!r} lacks its closing quote")
        self.at += 1
        written = self.text[start : self.at]
        self.blanks()
        if quote == "'":
            return written[1:-1]
        try:
            return str(json.loads(written, strict=False))
        except ValueError:
            raise Malformed(f"{written} is no text") from None

    def blanks(self) -> None:
        while self.text[self.at : self.at + 1] in (" ", "\n") and self.at < len(self.text):
            self.at += 1
