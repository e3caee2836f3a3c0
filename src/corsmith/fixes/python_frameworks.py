"""CORS settings of Python frameworks: given to an application that has none, and taken away where a front door has its own."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator

from corsmith.api.fix import Edit
from corsmith.api.tree import Tree
from corsmith.api.wanted import Wanted

from .lines import line_end
from .packages import require_python
from .python_dict import PythonSource
from .python_headers import load
from .python_module import add_import, bound, newline, remove_keyword, remove_statement, remove_unused

_ASGI = ("FastAPI", "Starlette")
_RESOLVERS = (
    "APIGatewayRestResolver",
    "APIGatewayHttpResolver",
    "LambdaFunctionUrlResolver",
    "ALBResolver",
    "ApiGatewayResolver",
)
_NAMES = frozenset(("CORSMiddleware", "CORS", "CORSConfig"))


def give_cors(tree: Tree, files: tuple[str, ...], wanted: Wanted) -> Iterator[tuple[Edit, ...]]:
    """Yield edits that give the application in one of `files` the CORS settings of its framework."""
    for file in files:
        source = load(tree, file)
        for statement in source.module.body if source is not None else ():
            if source is None or not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Call):
                continue
            target, name = statement.targets[0], _name(statement.value.func)
            if not isinstance(target, ast.Name):
                continue
            if name in _ASGI:
                yield _middleware(source, statement, target.id, name.lower(), wanted)
            elif name == "Flask":
                yield (*_flask(source, statement, target.id, wanted), *require_python(tree, file, "flask-cors"))
            elif name == "Chalice":
                edits = _chalice(source, statement, target.id, wanted)
                if edits:
                    yield edits
            elif name in _RESOLVERS and not any(each.arg == "cors" for each in statement.value.keywords):
                yield _resolver(source, statement.value, wanted)


def remove_cors(tree: Tree, file: str) -> Iterator[tuple[Edit, ...]]:
    """Yield the edits that take away a framework's CORS settings, for each place in `file` where there are some."""
    source = load(tree, file)
    for node in ast.walk(source.module) if source is not None else ():
        if source is None:
            return
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            named = [_name(node.value.func), *(_name(each) for each in node.value.args)]
            gone = next((each for each in named if each in _NAMES), None)
            if gone is not None:
                yield (remove_statement(source, node), *remove_unused(source, gone, (node,)))
        elif isinstance(node, ast.Call):
            yield from _without_argument(source, node)


def _without_argument(source: PythonSource, call: ast.Call) -> Iterator[tuple[Edit, ...]]:
    """`Resolver(cors=CORSConfig(…))`, or `cors=config` where `config = CORSConfig(…)` stands elsewhere."""
    for keyword in call.keywords:
        if keyword.arg != "cors":
            continue
        made, gone = keyword.value, [keyword.value]
        extra: list[Edit] = []
        if isinstance(made, ast.Name):
            statement = bound(source).get(made.id)
            if not isinstance(statement, ast.Assign):
                continue
            extra.append(remove_statement(source, statement))
            made = statement.value
            gone.append(made)
        if isinstance(made, ast.Call) and _name(made.func) in _NAMES:
            unused = remove_unused(source, _name(made.func), tuple(gone))
            yield (remove_keyword(source, call, keyword), *extra, *unused)


def _middleware(
    source: PythonSource, statement: ast.stmt, app: str, framework: str, wanted: Wanted
) -> tuple[Edit, ...]:
    end = newline(source)
    arguments = [
        f"allow_origins={_listed(wanted.origins)}",
        f"allow_methods={_listed(wanted.methods)}",
        *([f"allow_headers={_listed(wanted.headers)}"] if wanted.headers else []),
        *(["allow_credentials=True"] if wanted.credentials else []),
    ]
    lines = [f"{app}.add_middleware(", *(f"    {each}," for each in ("CORSMiddleware", *arguments)), ")"]
    return (
        *_imported(source, "CORSMiddleware", f"from {framework}.middleware.cors import CORSMiddleware"),
        _behind(source, statement, end.join(lines)),
    )


def _flask(source: PythonSource, statement: ast.stmt, app: str, wanted: Wanted) -> tuple[Edit, ...]:
    arguments = [f"origins={_listed(wanted.origins)}", f"methods={_listed(wanted.methods)}"]
    arguments += [f"allow_headers={_listed(wanted.headers)}"] if wanted.headers else []
    arguments += ["supports_credentials=True"] if wanted.credentials else []
    made = f"CORS({', '.join([app, *arguments])})"
    return (*_imported(source, "CORS", "from flask_cors import CORS"), _behind(source, statement, made))


def _chalice(source: PythonSource, statement: ast.stmt, app: str, wanted: Wanted) -> tuple[Edit, ...]:
    """Give every route that has none the same configuration: it names one origin, or everybody without credentials."""
    if (len(wanted.origins) > 1 and wanted.credentials) or _CONFIGURATION in bound(source):
        return ()
    origin = wanted.origins[0] if len(wanted.origins) == 1 else "*"
    arguments = [f"allow_origin={json.dumps(origin)}"]
    arguments += [f"allow_headers={_listed(wanted.headers)}"] if wanted.headers else []
    arguments += ["allow_credentials=True"] if wanted.credentials else []
    routes = [
        Edit(source.file, place, place, f", cors={_CONFIGURATION}")
        for call in _routes(source, app)
        if (place := _last_argument(source, call)) is not None
    ]
    if not routes:
        return ()
    made = f"{_CONFIGURATION} = CORSConfig({', '.join(arguments)})"
    imported = _imported(source, "CORSConfig", "from chalice import CORSConfig")
    return (*imported, _behind(source, statement, made), *routes)


_CONFIGURATION = "cors_config"


def _routes(source: PythonSource, app: str) -> Iterator[ast.Call]:
    """Yield the `@app.route(…)` of the module that say nothing of CORS."""
    for node in ast.walk(source.module):
        for call in node.decorator_list if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else ():
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or call.func.attr != "route":
                continue
            named = isinstance(call.func.value, ast.Name) and call.func.value.id == app
            if named and not any(each.arg == "cors" for each in call.keywords):
                yield call


def _last_argument(source: PythonSource, call: ast.Call) -> int | None:
    """Return where the last argument of a call ends."""
    given = [*call.args, *(each.value for each in call.keywords)]
    return max(source.span(each).end for each in given) if given else None


def _resolver(source: PythonSource, call: ast.Call, wanted: Wanted) -> tuple[Edit, ...]:
    arguments = [f'allow_origin="{wanted.origins[0]}"']
    arguments += [f"extra_origins={_listed(wanted.origins[1:])}"] if len(wanted.origins) > 1 else []
    arguments += [f"allow_headers={_listed(wanted.headers)}"] if wanted.headers else []
    arguments += ["allow_credentials=True"] if wanted.credentials else []
    end = source.span(call).end - 1
    given = source.text[:end].rstrip()
    comma = "" if given.endswith(("(", ",")) else ", "
    made = f"{comma}cors=CORSConfig({', '.join(arguments)})"
    place = len(given) if comma else end
    return (
        *_imported(source, "CORSConfig", "from aws_lambda_powertools.event_handler import CORSConfig"),
        Edit(source.file, place, place, made),
    )


def _imported(source: PythonSource, name: str, line: str) -> tuple[Edit, ...]:
    """Return the edit that imports a name: beside others of its module where these are imported on one line."""
    if name in bound(source):
        return ()
    module = line.split()[1]
    for statement in source.module.body:
        if isinstance(statement, ast.ImportFrom) and statement.module == module:
            span = source.span(statement)
            if "\n" not in source.text[span.start : span.end] and not source.text[: span.end].endswith(")"):
                return (Edit(source.file, span.end, span.end, f", {name}"),)
    return (add_import(source, line),)


def _behind(source: PythonSource, statement: ast.stmt, text: str) -> Edit:
    place = source.span(statement).end
    stop = line_end(source.text, place)
    return Edit(source.file, stop, stop, newline(source) + text)


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _listed(items: tuple[str, ...]) -> str:
    return json.dumps(list(items))
