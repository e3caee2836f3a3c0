"""A Python function wrapped with lambda_cors: the headers are then on every response, errors and preflights included."""

from __future__ import annotations

import ast
import json

from corsmith.api.fix import Edit
from corsmith.api.tree import Tree
from corsmith.api.wanted import Wanted

from .packages import require_python
from .python_headers import load
from .python_module import add_import, bound, newline

PACKAGE = "lambda-cors"


def wrap(tree: Tree, file: str, entry: str, wanted: Wanted) -> tuple[Edit, ...]:
    """Return the edits that wrap the function `entry` of the module; none where it is wrapped, or bound in another way."""
    source = load(tree, file)
    if source is None or "lambda_cors" in source.text:
        return ()
    names = bound(source)
    statement = names.get(entry)
    taken = "cors" in names or "Policy" in names
    wrapper, policy = ("with_cors", "CorsPolicy") if taken else ("cors", "Policy")
    made = f"{wrapper}({policy}({', '.join(_arguments(wanted))}))"
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        first = min([statement.lineno, *(each.lineno for each in statement.decorator_list)])
        place = source.lines[first - 1]
        edit = Edit(file, place, place, f"@{made}{newline(source)}")
    elif isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        span = source.span(statement.value)
        edit = Edit(file, span.start, span.end, f"{made}({source.cut(statement.value)})")
    else:
        return ()
    line = "from lambda_cors import Policy, cors"
    if taken:
        line = "from lambda_cors import Policy as CorsPolicy, cors as with_cors"
    return (add_import(source, line), edit, *require_python(tree, file, PACKAGE))


def _arguments(wanted: Wanted) -> list[str]:
    methods = [method for method in wanted.methods if method not in ("OPTIONS", "GET", "HEAD", "POST")]
    found = [f"origins={json.dumps(list(wanted.origins))}"]
    found += [f"methods={json.dumps(methods)}"] if methods else []
    found += [f"request_headers={json.dumps(list(wanted.headers))}"] if wanted.headers else []
    return [*found, "credentials=True"] if wanted.credentials else found
