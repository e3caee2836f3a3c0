"""Which files are services of the Serverless Framework, and what is said of those that are programs."""

from __future__ import annotations

import posixpath
import re

from corsmith.api.model import Api, Problem
from corsmith.readers.nodes import Mapping, Node, Scalar

_FILE = re.compile(r"\$\{file\(([^)]*)\)")
_VARIABLE = re.compile(r"\$\{[^}]*\}")
PROGRAMS = ("serverless.ts", "serverless.js", "serverless.cjs", "serverless.mjs")
"""Configurations that are programs: they are not run."""
_NAME = re.compile(r"serverless([.-][A-Za-z0-9_.-]+)?\.(ya?ml|json)$")
_SERVICE = re.compile(r"(?:^|[{,]\s*)[\"']?service[\"']?\s*:", re.MULTILINE)
_PROVIDER = re.compile(r"(?:^|[{,]\s*)[\"']?provider[\"']?\s*:", re.MULTILINE)
_SAID = re.compile(r"^[\"']?provider[\"']?[ \t]*:[ \t]*([\w-]*)[ \t]*(?:#.*)?\r?$", re.MULTILINE)
_FLOW = re.compile(r"[\"']?provider[\"']?\s*:\s*\{[^{}]*?[\"']?name[\"']?\s*:\s*[\"']?([\w-]+)")
_RUN = (
    "{name} is a program, and corsmith runs nothing of a project: its settings are not read. Check the output of"
    " `serverless print --format yaml > serverless.yml` in another folder, or the template that `serverless package`"
    " writes to .serverless/cloudformation-template-update-stack.json"
)


def looks(text: str, path: str) -> bool:
    """Say whether a text looks like a service on AWS: by its file's name, or by what stands in it."""
    name = posixpath.basename(path)
    if name in PROGRAMS:
        return "provider" in text
    if "provider" not in text:
        return False
    if _provider(text) not in ("", "aws"):
        return False
    named = _NAME.match(name) is not None
    return _PROVIDER.search(text) is not None and (named or _SERVICE.search(text) is not None)


def _provider(text: str) -> str:
    """Return the name of a service's provider as the text has it, "" where it is not told or is a variable."""
    said = _SAID.search(text)
    if said is None:
        flow = _FLOW.search(text)
        return flow.group(1) if flow is not None else ""
    if said.group(1):
        return said.group(1)
    indent: str | None = None
    for line in text[said.end() :].splitlines()[1:]:
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        own = line[: len(line) - len(line.lstrip())]
        indent = own if indent is None else indent
        if not own or len(own) < len(indent):
            break
        key, colon, value = bare.partition(":")
        if own == indent and colon and key.strip("\"' ") == "name":
            name = value.partition(" #")[0].strip("\"' ")
            return "" if "$" in name else name
    return ""


def is_one(root: Node) -> bool:
    """Say whether a document is a service on AWS."""
    if not isinstance(root, Mapping) or root.get("provider") is None or root.get("service") is None:
        return False
    provider = root.get("provider")
    name = provider.get("name") if isinstance(provider, Mapping) else provider
    return not isinstance(name, Scalar) or name.text in ("aws", "") or "$" in name.text


def is_program(path: str) -> bool:
    """Say whether a file is a service's configuration that is a program."""
    return posixpath.basename(path) in PROGRAMS


def unread_program(path: str) -> Api:
    """Return the Api of a configuration that is not read: one problem, with what to do."""
    return Api(path, "serverless", problems=(Problem(path, 1, 1, _RUN.format(name=posixpath.basename(path))),))


def included(text: str, path: str) -> frozenset[str]:
    """Return regular expressions of the files that the service at `path` takes in with `${file(…)}`.

    A variable in a file's name may be anything; a name that is nothing but a variable says nothing.
    """
    here = posixpath.dirname(path)
    names = (_VARIABLE.sub("*", name.strip("'\" ")) for name in _FILE.findall(text))
    places = (posixpath.normpath(posixpath.join(here, name)) for name in names if name.strip("*./"))
    return frozenset("[^/]*".join(re.escape(part) for part in place.split("*")) for place in places)
