"""A Python file that does not parse: what is wrong is left out of it, line by line, and the rest is read."""

from __future__ import annotations

import ast
import re
import warnings
from functools import lru_cache

from .source import Source

_TRIES = 12
_HEADER_AGAIN = re.compile(r"\s*(elif|else|except|finally)\b")


@lru_cache(maxsize=64)
def recover(path: str, text: str) -> Source | None:
    """Return the file without the lines that do not parse; None where too little would be left."""
    lines = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)
    left_out: set[int] = set()
    for _ in range(_TRIES):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse("".join(lines))
        except SyntaxError as error:
            if not _leave_out(lines, error, left_out):
                return None
        except (ValueError, RecursionError, MemoryError):
            return None
        else:
            return Source(path, text, tree)
    return None


def _leave_out(lines: list[str], error: SyntaxError, left_out: set[int]) -> bool:
    """Put something harmless in the place of the line that an error names; say whether there was one left to change."""
    row = min(error.lineno or 1, len(lines)) - 1
    if (
        isinstance(error, IndentationError)
        and row > 0
        and row - 1 not in left_out
        and "expected an indented" in error.msg
    ):
        # The block of a header is missing: the header goes.
        row -= 1
    if "unexpected indent" in error.msg:
        # It continues something that is gone.
        end = lines[row][len(lines[row].rstrip("\r\n")) :]
        gone = lines[row].strip() == "#"
        lines[row] = f"#{end}"
        return not gone
    while row in left_out or not lines[row].strip():
        row -= 1
        if row < 0:
            return False
    left_out.add(row)
    line = lines[row]
    indent = line[: len(line) - len(line.lstrip())]
    end = line[len(line.rstrip("\r\n")) :]
    below = next((each for each in lines[row + 1 :] if each.strip()), "")
    deeper = len(below) - len(below.lstrip()) > len(indent)
    if re.match(r"\s*(return|yield|raise)\b", line):
        lines[row] = f"{indent}return __left_out__{end}"
    elif _HEADER_AGAIN.match(line) and deeper:
        lines[row] = f"{indent}else:{end}" if line.lstrip().startswith(("else", "elif")) else f"{indent}finally:{end}"
        if line.lstrip().startswith("except"):
            lines[row] = f"{indent}except Exception:{end}"
    elif deeper:
        lines[row] = f"{indent}if __left_out__:{end}"
    else:
        lines[row] = f"{indent}pass{end}"
    return True
