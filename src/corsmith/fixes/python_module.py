"""Edits to Python modules: imports added and taken out, statements taken out, what is bound at the top found."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from corsmith.api.fix import Edit

from .lines import line_end, line_start, newline_of, next_line
from .python_dict import PythonSource


def newline(source: PythonSource) -> str:
    """Return the file's line end."""
    return newline_of(source.text)


def bound(source: PythonSource) -> dict[str, ast.stmt]:
    """Return the names of the module with the statement that binds each last."""
    found: dict[str, ast.stmt] = {}
    for statement in source.module.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found[statement.name] = statement
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            found |= {(each.asname or each.name).partition(".")[0]: statement for each in statement.names}
        elif isinstance(statement, ast.Assign):
            found |= {each.id: statement for each in statement.targets if isinstance(each, ast.Name)}
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            found[statement.target.id] = statement
    return found


def add_import(source: PythonSource, line: str) -> Edit:
    """Return the edit that adds an import behind the last one at the top, else behind the module's docstring."""
    imports: list[ast.stmt] = [each for each in source.module.body if isinstance(each, ast.Import | ast.ImportFrom)]
    before = imports[-1:] or [each for each in source.module.body[:1] if _is_docstring(each)]
    end = newline(source)
    if not before:
        first = source.span(source.module.body[0]).start if source.module.body else 0
        place = line_start(source.text, first)
        return Edit(source.file, place, place, f"{line}{end}{end}")
    place = source.span(before[0]).end
    stop = line_end(source.text, place)
    gap = "" if imports else end
    return Edit(source.file, stop, stop, f"{end}{gap}{line}")


def remove_statement(source: PythonSource, statement: ast.stmt) -> Edit:
    """Return the edit that takes a statement out, its lines with it."""
    span = source.span(statement)
    start = line_start(source.text, span.start)
    stop = next_line(source.text, span.end)
    end = newline_of(source.text)
    alone = not source.text[:start].strip() or source.text[:start].endswith(end * 2)
    if alone and source.text.startswith(end, stop) and source.text[stop:].strip():
        # The blank line that set it off goes too.
        stop += len(end)
    return Edit(source.file, start, stop, "")


def remove_keyword(source: PythonSource, call: ast.Call, keyword: ast.keyword) -> Edit:
    """Return the edit that takes a keyword argument out of a call, its comma with it."""
    value = source.span(keyword.value)
    start = source.text.rfind(keyword.arg or "**", 0, value.start)
    rest = source.text[value.end :]
    comma = len(rest) - len(rest.lstrip())
    if rest[comma : comma + 1] == ",":
        end = value.end + comma + 1
        end += len(source.text[end:]) - len(source.text[end:].lstrip(" \t"))
        return Edit(source.file, start, end, "")
    before = source.text[:start].rstrip()
    return Edit(source.file, len(before) - 1 if before.endswith(",") else start, value.end, "")


def remove_unused(source: PythonSource, name: str, gone: tuple[ast.AST, ...]) -> Iterator[Edit]:
    """Yield the edit that takes the import of `name` out, where nothing but what is in `gone` uses it."""
    without = {id(node) for each in gone for node in ast.walk(each)}
    used = (node for node in ast.walk(source.module) if isinstance(node, ast.Name) and node.id == name)
    if any(id(node) not in without for node in used):
        return
    for statement in source.module.body:
        if not isinstance(statement, ast.Import | ast.ImportFrom):
            continue
        names = [each.asname or each.name for each in statement.names]
        if name not in names:
            continue
        if len(names) == 1:
            yield remove_statement(source, statement)
            return
        index = names.index(name)
        alias, other = statement.names[index], statement.names[index - 1 if index else 1]
        first, second = source.span(alias), source.span(other)
        yield Edit(source.file, second.end if index else first.start, first.end if index else second.start, "")


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
