"""Reads handlers given as text, and says the outcomes in short."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent

from corsmith.api.outcome import (
    AnyText,
    Array,
    Choice,
    Echo,
    HandlerSummary,
    Object,
    Outcome,
    Raised,
    Unserialisable,
    WhenOrigin,
)
from corsmith.api.tree import Memory, Tree
from corsmith.api.value import Known
from corsmith.handlers import summarise_source


def read(
    source: str | Mapping[str, str], entry: str = "handler", environment: Mapping[str, str] | None = None
) -> HandlerSummary:
    """Return the summary of the handler in `app.py`."""
    files = {"app.py": source} if isinstance(source, str) else source
    tree = Tree(Memory({path: dedent(text) for path, text in files.items()}))
    given = tuple((name, Known(value)) for name, value in (environment or {}).items())
    return summarise_source(tree, "app.py", entry, given)


def short(source: str | Mapping[str, str], environment: Mapping[str, str] | None = None) -> set[str]:
    """Return the outcomes, each as one line."""
    return {line(outcome) for outcome in read(source, environment=environment).outcomes}


def line(outcome: Outcome) -> str:
    """Return an outcome as one line: methods, paths, payload format, guards, status, allowed origin."""
    words = []
    if outcome.methods is not None:
        words.append("|".join(sorted(outcome.methods)))
    if outcome.paths is not None:
        words.append(",".join(outcome.paths))
    if outcome.payload is not None:
        words.append(f"v{outcome.payload}")
    words += (f"{'with' if there else 'without'} {name or 'parameters'}:" for name, there in outcome.parameters)
    words += (
        f"{'' if guard.admitted else 'not '}{guard.test.kind}{list(guard.test.items) or ''}:"
        for guard in outcome.origins
    )
    result = outcome.result
    if isinstance(result, Raised):
        words.append(f"raises {result.what}")
    elif isinstance(result, Unserialisable):
        words.append(f"cannot send {result.what}")
    else:
        words.append(response(result.result))
    return " ".join(words)


def response(node: object) -> str:
    """Return a response as status and allowed origin."""
    if not isinstance(node, Object):
        return say(node)
    entries = dict(node.entries)
    status = say(entries["statusCode"]) if "statusCode" in entries else "no status"
    headers = entries.get("headers")
    if not isinstance(headers, Object):
        return f"{status} {'no headers' if headers is None else say(headers)}"
    allowed = [say(value) for name, value in headers.entries if name.lower() == "access-control-allow-origin"]
    return f"{status} {' and '.join(allowed) or '-'}" + (" ..." if headers.rest else "")


def say(node: object) -> str:
    """Return a value in a few characters."""
    if isinstance(node, Known):
        return str(node.value) if isinstance(node.value, str) else repr(node.value)
    if isinstance(node, Echo):
        kind = node.test.kind + (f"({node.test.anchored})" if node.test.kind == "regex" else "")
        rest = say(node.otherwise)
        return f"echo:{kind}{list(node.test.items) if node.test.items else ''}" + (
            f" else {rest}" if rest != "absent" else ""
        )
    if isinstance(node, WhenOrigin):
        return f"when:{node.test.kind} {say(node.then)} else {say(node.otherwise)}"
    if isinstance(node, Choice):
        return "one of " + "/".join(say(option) for option in node.options)
    if isinstance(node, AnyText):
        return "text"
    if isinstance(node, Array):
        return "[" + ", ".join(say(item) for item in node.items) + "]"
    if isinstance(node, Object):
        return "{" + ", ".join(f"{name}: {say(value)}" for name, value in node.entries) + "}"
    return type(node).__name__.lower()
