"""Comments that set a finding aside: `# corsmith: ignore[rule-id] reason`, in the comment syntax of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

_FOUND = re.compile(r"(?:#+|//+|/\*+)[ \t]*corsmith:[ \t]*ignore\b(?P<said>[^\r\n]*)")
_SAID = re.compile(r"[ \t]*\[(?P<rules>[^\]]*)\](?P<reason>.*)", re.DOTALL)
_CODE = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|`(?:\\.|[^`\\])*(?:`|\Z)""",
    re.DOTALL,
)
_HCL = re.compile(
    r'(?P<comment>//[^\n]*|#[^\n]*|/\*.*?(?:\*/|\Z))|"(?:\\.|[^"\\\n])*"?|<<[-~]?(\w+)\n.*?\n[ \t]*\2\b', re.DOTALL
)


class Ignore(Struct, frozen=True):
    """One such comment. `about` is the line whose findings it sets aside: its own, or the next where it stands alone.

    `rules` and `reason` are as written; both may be empty, which makes the comment count for nothing.
    """

    file: str
    line: int
    column: int
    about: int
    rules: tuple[str, ...]
    reason: str


def ignores(path: str, text: str) -> tuple[Ignore, ...]:
    """Return the comments of that kind in a file, from the top."""
    candidates = tuple(_FOUND.finditer(text))
    places = _places(path, text) if candidates else _Everywhere()
    found = [match for match in candidates if match.start() in places]
    alone = {_line(text, match.start()) for match in found if _stands_alone(text, match)}
    result = []
    for match in found:
        line = _line(text, match.start())
        about = line
        while about in alone:
            about += 1
        rules, reason = _said(match["said"])
        column = match.start() - (text.rfind("\n", 0, match.start()) + 1) + 1
        result.append(Ignore(path, line, column, about, rules, reason))
    return tuple(result)


def _said(text: str) -> tuple[tuple[str, ...], str]:
    match = _SAID.match(text.split("*/")[0])
    if match is None:
        return (), ""
    rules = tuple(rule for part in match["rules"].split(",") if (rule := part.strip()))
    reason = match["reason"].strip().lstrip(":-–—").strip()
    return rules, reason if re.search(r"\w", reason) else ""


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    start = text.rfind("\n", 0, match.start()) + 1
    _, closed, behind = match["said"].partition("*/")
    return not text[start : match.start()].strip() and not (closed and behind.strip())


class _Everywhere:
    """The places of comments in a file that cannot be parsed: whatever looks like one."""

    def __contains__(self, offset: object) -> bool:
        return True


class _Ranges(Struct, frozen=True):
    """Places inside some stretches of a file."""

    spans: tuple[tuple[int, int], ...]

    def __contains__(self, offset: object) -> bool:
        return isinstance(offset, int) and any(start <= offset < end for start, end in self.spans)


class _Outside(Struct, frozen=True):
    """Places of a YAML file that are in no scalar; a block scalar counts as outside: it may hold code with comments."""

    text: str
    scalars: _Ranges

    def __contains__(self, offset: object) -> bool:
        assert isinstance(offset, int)
        behind = self.text[offset - 1] if offset else "\n"
        return behind in " \t\n\r" and offset not in self.scalars


def _places(path: str, text: str) -> _Everywhere | _Ranges | _Outside:
    """Return where a comment can begin in the file."""
    ending = path.rpartition(".")[2].lower()
    if ending == "py":
        return _python(text)
    if ending in ("tf", "tofu", "hcl", "tfvars"):
        return _Ranges(tuple(match.span() for match in _HCL.finditer(text) if match["comment"]))
    if ending in ("yaml", "yml") or (ending == "template" and not text.lstrip().startswith("{")):
        return _yaml(text)
    return _Ranges(tuple(match.span() for match in _CODE.finditer(text) if match["comment"]))


def _python(text: str) -> _Everywhere | _Ranges:
    import io  # here, because few files have such a comment
    import tokenize

    starts = [0]
    for line in io.StringIO(text, newline=""):
        starts.append(starts[-1] + len(line))
    spans = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text, newline="").readline):
            if token.type == tokenize.COMMENT:
                start = starts[token.start[0] - 1] + token.start[1]
                spans.append((start, start + len(token.string)))
    except (tokenize.TokenError, SyntaxError):
        return _Everywhere()
    return _Ranges(tuple(spans))


def _yaml(text: str) -> _Everywhere | _Outside:
    import yaml

    try:
        scalars = tuple(_scalars(text))
    except yaml.YAMLError:
        return _Everywhere()
    return _Outside(text, _Ranges(scalars))


def _scalars(text: str) -> Iterator[tuple[int, int]]:
    import yaml

    for token in yaml.scan(text, Loader=yaml.CSafeLoader):
        if isinstance(token, yaml.ScalarToken) and token.style not in ("|", ">"):
            yield token.start_mark.index, token.end_mark.index
