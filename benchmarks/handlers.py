"""Reads 300 handlers that share helpers, a very long file, and code made to nest.

Run: python -m benchmarks.handlers [--repeat N]. CPU time. Prints a table and writes benchmarks/results/handlers.json.

The cycle collector is set as a check has it. Beside what reading the 300 handlers takes stands what their parser alone
takes for the same files in the same run, and for Python a walk through each node that does nothing: no reader in Python
is faster than these.
"""

from __future__ import annotations

import argparse
import ast
import time
from collections.abc import Callable
from itertools import count
from typing import Any

from corsmith.api.function import Function
from corsmith.api.span import Span
from corsmith.api.tree import Memory, Tree
from corsmith.api.value import Known
from corsmith.handlers import summarise
from corsmith.readers.collector import seldom

from .measured import keep

_SHARED = """
import json
import os

ORIGINS = os.environ.get("ORIGINS", "https://a.example,https://b.example").split(",")
BASE = {"Content-Type": "application/json", "Vary": "Origin"}


class Refused(Exception):
    def __init__(self, status, text):
        super().__init__(text)
        self.status = status
        self.text = text


def headers_for(event):
    origin = event["headers"].get("origin") or event["headers"].get("Origin")
    made = dict(BASE)
    if origin in ORIGINS:
        made["Access-Control-Allow-Origin"] = origin
    return made


def respond(event, status, body):
    return {"statusCode": status, "headers": headers_for(event), "body": json.dumps(body)}


def method_of(event):
    return event.get("httpMethod") or event["requestContext"]["http"]["method"]
"""

_HANDLER = """
import json
import os

import boto3

from shared.http import Refused, method_of, respond

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
KIND = "thing{number}"


def load(key):
    found = table.get_item(Key={{"id": key}})
    if "Item" not in found:
        raise Refused(404, "no such " + KIND)
    return found["Item"]


def save(event, key):
    try:
        body = json.loads(event.get("body") or "{{}}")
    except ValueError:
        raise Refused(400, "not JSON")
    if not isinstance(body.get("name"), str):
        raise Refused(422, "a name is needed")
    item = {{"id": key, "name": body["name"], "kind": KIND}}
    for name in ("color", "size", "weight"):
        if name in body:
            item[name] = body[name]
    table.put_item(Item=item)
    return item


def remove(key):
    load(key)
    table.delete_item(Key={{"id": key}})


def handler(event, context):
    key = event["pathParameters"]["id"]
    method = method_of(event)
    try:
        if method == "OPTIONS":
            return respond(event, 204, None)
        if method == "GET":
            return respond(event, 200, load(key))
        if method in ("POST", "PUT"):
            return respond(event, 201, save(event, key))
        if method == "DELETE":
            remove(key)
            return respond(event, 204, None)
        return {{"statusCode": 405, "body": "no such method"}}
    except Refused as error:
        return respond(event, error.status, {{"error": error.text}})
    except Exception as error:
        print("failed", error)
        return {{"statusCode": 500, "body": "failed"}}
"""


_SHARED_NODE = """
const ORIGINS = (process.env.ORIGINS || "https://a.example,https://b.example").split(",");
const BASE = { "Content-Type": "application/json", Vary: "Origin" };

export class Refused extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
    this.text = text;
  }
}

function headersFor(event) {
  const origin = event.headers.origin || event.headers.Origin;
  const made = { ...BASE };
  if (ORIGINS.includes(origin)) {
    made["Access-Control-Allow-Origin"] = origin;
  }
  return made;
}

export function respond(event, status, body) {
  return { statusCode: status, headers: headersFor(event), body: JSON.stringify(body) };
}

export function methodOf(event) {
  return event.httpMethod || event.requestContext.http.method;
}
"""

_HANDLER_NODE = """
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, DeleteCommand, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";

import { Refused, methodOf, respond } from "./shared/http.mjs";

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const table = process.env.TABLE;
const KIND = "thing__NUMBER__";

async function load(key) {
  const found = await documents.send(new GetCommand({ TableName: table, Key: { id: key } }));
  if (!found.Item) {
    throw new Refused(404, "no such " + KIND);
  }
  return found.Item;
}

async function save(event, key) {
  let body;
  try {
    body = JSON.parse(event.body || "{}");
  } catch (error) {
    throw new Refused(400, "not JSON");
  }
  if (typeof body.name !== "string") {
    throw new Refused(422, "a name is needed");
  }
  const item = { id: key, name: body.name, kind: KIND };
  for (const name of ["color", "size", "weight"]) {
    if (name in body) {
      item[name] = body[name];
    }
  }
  await documents.send(new PutCommand({ TableName: table, Item: item }));
  return item;
}

async function remove(key) {
  await load(key);
  await documents.send(new DeleteCommand({ TableName: table, Key: { id: key } }));
}

export const handler = async (event) => {
  const key = event.pathParameters.id;
  const method = methodOf(event);
  try {
    if (method === "OPTIONS") {
      return respond(event, 204, null);
    }
    if (method === "GET") {
      return respond(event, 200, await load(key));
    }
    if (["POST", "PUT"].includes(method)) {
      return respond(event, 201, await save(event, key));
    }
    if (method === "DELETE") {
      await remove(key);
      return respond(event, 204, null);
    }
    return { statusCode: 405, body: "no such method" };
  } catch (error) {
    if (error instanceof Refused) {
      return respond(event, error.status, { error: error.text });
    }
    console.error("failed", error);
    return { statusCode: 500, body: "failed" };
  }
};
"""


def project() -> tuple[Tree, list[Function]]:
    """Return 300 handlers of about 60 lines that share one module."""
    files = {"src/shared/__init__.py": "", "src/shared/http.py": _SHARED}
    functions = []
    for number in range(300):
        files[f"src/f{number}.py"] = _HANDLER.format(number=number)
        functions.append(_function(f"f{number}.handler"))
    return Tree(Memory(files)), functions


def node_project() -> tuple[Tree, list[Function]]:
    """Return the same in JavaScript."""
    files = {"src/shared/http.mjs": _SHARED_NODE}
    functions = []
    for number in range(300):
        files[f"src/f{number}.mjs"] = _HANDLER_NODE.replace("__NUMBER__", str(number))
        functions.append(_function(f"f{number}.handler", "nodejs22.x"))
    return Tree(Memory(files)), functions


_PLACES = count()


def again() -> tuple[Tree, list[Function]]:
    """Return the 300 handlers, read before, with one of them changed."""
    tree, functions = project()
    for function in functions:
        summarise(tree, function)
    return tree.with_text("src/f7.py", _HANDLER.format(number="7 ")), functions


def _function(handler: str, runtime: str = "python3.13") -> Function:
    # Another place each time: else the summary of the last run would be used again.
    span = Span("template.yaml", next(_PLACES), 0)
    environment = (("TABLE", Known("things")), ("ORIGINS", Known("https://app.example")))
    return Function("F", span, Known(runtime), Known(handler), Known("src"), environment)


def _one(text: str) -> tuple[Tree, list[Function]]:
    return Tree(Memory({"src/app.py": text})), [_function("app.handler")]


def long_file() -> tuple[Tree, list[Function]]:
    """Return a module of 50,000 lines, a third of which run when it is loaded."""
    lines = ["import json"]
    for number in range(5_000):
        lines += [f"LIMIT_{number} = {{'a': {number}, 'b': [1, 2, 3]}}", f"NAME_{number} = 'n' + str({number})"]
        lines += [
            f"def f{number}(x):",
            "    if x:",
            "        y = json.dumps(x)",
            "    else:",
            "        y = ''",
            "    for c in y:",
        ]
        lines += ["        print(c)", "    return y"]
    lines += ["def handler(event, context):", "    return {'statusCode': 200, 'body': f1(event['body'])}"]
    return _one("\n".join(lines))


def branches() -> tuple[Tree, list[Function]]:
    """Return a handler with 400 independent branches that all change the response."""
    lines = ["def handler(event, context):", "    h = {}", "    q = event['queryStringParameters'] or {}"]
    for number in range(400):
        lines += [
            f"    if q.get('p{number}'):",
            f"        h['X-{number}'] = q['p{number}']",
            "        h['Last'] = h.get('Last', '') + 'x'",
        ]
    return _one("\n".join([*lines, "    return {'statusCode': 200, 'headers': h, 'body': ''}"]))


def conditional_headers() -> tuple[Tree, list[Function]]:
    """Return a handler with 120 headers, each under a condition of its own."""
    lines = ["def handler(event, context):", "    h = {'Access-Control-Allow-Origin': '*'}"]
    lines.append("    q = event['queryStringParameters'] or {}")
    for number in range(120):
        lines += [f"    if q.get('p{number}'):", f"        h['X-{number}'] = 'v{number}'"]
    return _one("\n".join([*lines, "    return {'statusCode': 200, 'headers': h, 'body': ''}"]))


def nested() -> tuple[Tree, list[Function]]:
    """Return loops in loops, conditions in conditions, and functions that call each other."""
    lines = ["def handler(event, context):", "    x = event['body'] or ''", "    h = {}"]
    heads = [f"for a{depth} in x:" if depth % 2 else f"while x.startswith('{depth}'):" for depth in range(18)]
    lines += ["    " * (depth + 1) + head for depth, head in enumerate(heads)]
    lines += ["    " * 19 + "h[x] = x", "    return {'statusCode': 200, 'headers': h}"]
    for number in range(40):
        lines += [
            f"def g{number}(x):",
            f"    return g{(number + 1) % 40}(x) + g{(number + 2) % 40}(x) if x else g{(number + 3) % 40}(x)",
        ]
    lines.insert(3, "    g0(x)")
    return _one("\n".join(lines))


def deep_expression() -> tuple[Tree, list[Function]]:
    """Return an expression of 20,000 additions."""
    return _one("def handler(event, context):\n    return {'statusCode': " + " + ".join(["1"] * 20_000) + "}\n")


CASES: dict[str, tuple[Callable[[], tuple[Tree, list[Function]]], float]] = {
    "300 handlers of 60 lines, shared helpers": (project, 0.4),
    "the same in JavaScript": (node_project, 0.4),
    "the Python ones again, one changed": (again, 0.1),
    "one file of 50,000 lines": (long_file, 2.0),
    "400 independent branches": (branches, 2.0),
    "120 conditional headers": (conditional_headers, 2.0),
    "nested loops and mutual recursion": (nested, 2.0),
    "an expression of 20,000 terms": (deep_expression, 2.0),
}


def _parsed_python(texts: list[str]) -> None:
    for text in texts:
        ast.parse(text)


def _walked_python(texts: list[str]) -> None:
    for text in texts:
        for _ in ast.walk(ast.parse(text)):
            pass


def _parsed_node(texts: list[str]) -> None:
    import tree_sitter_javascript
    from tree_sitter import Language, Parser

    parser = Parser(Language(tree_sitter_javascript.language()))
    for text in texts:
        parser.parse(text.encode())


FLOORS: dict[str, dict[str, Callable[[list[str]], None]]] = {
    "300 handlers of 60 lines, shared helpers": {"ast.parse": _parsed_python, "ast.parse and ast.walk": _walked_python},
    "the same in JavaScript": {"tree-sitter": _parsed_node},
    "one file of 50,000 lines": {"ast.parse": _parsed_python},
}


def _floors(name: str, tree: Tree, repeat: int) -> dict[str, float]:
    """Return the seconds that parsing alone takes for the files of a case."""
    texts = [tree.read(path) for path in tree.list(".")]
    found = {}
    for floor, run in FLOORS.get(name, {}).items():
        times = []
        for _ in range(repeat):
            began = time.process_time()
            run(texts)
            times.append(time.process_time() - began)
        found[floor] = min(times)
    return found


def _case(name: str, repeat: int) -> dict[str, Any]:
    """Return the figures of one case."""
    make, limit = CASES[name]
    times = []
    for _ in range(repeat):
        tree, functions = make()
        began = time.process_time()
        summaries = [summarise(tree, function) for function in functions]
        times.append(time.process_time() - began)
    return {
        "seconds": min(times),
        "first": times[0],
        "promise": limit,
        "outcomes": sum(len(summary.outcomes) for summary in summaries),
        "unread": sum(bool(summary.unread) for summary in summaries),
        "floors": _floors(name, tree, repeat),
    }


def main() -> None:
    """Measure each case."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--repeat", type=int, default=3)
    repeat = arguments.parse_args().repeat
    with seldom():
        found = {"runs": repeat, "cases": {name: _case(name, repeat) for name in CASES}}
    keep("handlers", found)
    print(shown(found))


def shown(found: dict[str, Any]) -> str:
    """Return the result as a table, and what bounds it."""
    lines = ["| what is read | first, s | best, s | promise, s | ways out | not read to the end |"]
    lines.append("| --- | ---: | ---: | ---: | ---: | ---: |")
    bounds = []
    for name, case in found["cases"].items():
        figures = f"{case['first']:.3f} | {case['seconds']:.3f} | {case['promise']:g}"
        lines.append(f"| {name} | {figures} | {case['outcomes']:,} | {case['unread']} |")
        for floor, seconds in case.get("floors", {}).items():
            bounds.append(f"| {name} | {floor} | {seconds:.3f} | {case['seconds'] / seconds:.1f} |")
    if bounds:
        lines += [
            "",
            "| what is read | what alone takes | s | reading takes times as long |",
            "| --- | --- | ---: | ---: |",
            *bounds,
        ]
    return "\n".join([*lines, "", f"CPU time; best of {found['runs']} runs."])


if __name__ == "__main__":
    main()
