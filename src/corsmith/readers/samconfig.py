"""Parameter overrides of SAM CLI's configuration: samconfig.toml, or samconfig.yaml, beside the template.

Source: the SAM developer guide, "AWS SAM CLI configuration file".
"""

from __future__ import annotations

import posixpath
import re
import tomllib
from collections.abc import Iterator
from typing import Any

from corsmith.api.tree import Tree, Unreadable

from .document import parse
from .nodes import Mapping, Node, Scalar, Sequence

COMMANDS = ("deploy", "global", "build", "local_start_api", "sync")
"""Where overrides may stand, what counts first."""

_VALUE = r'("(?:\\.|[^"\\])*"|\'[^\']*\'|[^\s"\',]+)'
_LONG = re.compile(r"ParameterKey=" + _VALUE + r"\s*,\s*ParameterValue=" + _VALUE)
_SHORT = re.compile(r"([A-Za-z0-9]+)=(" + '"(?:\\\\.|[^"\\\\])*"' + r"|'[^']*'|\S*)")


def overrides(tree: Tree, template: str, environment: str | None, stage: str | None = None) -> dict[str, str]:
    """Return the parameters that SAM CLI would pass for an environment.

    Where none is named it is the one that is called as the stage is, if there is one, else "default". A file that cannot be
    parsed gives none: it is not what is checked.
    """
    found = tables(tree, template)
    named = environment or (stage if stage in found else None) or "default"
    return found.get(named, {})


def tables(tree: Tree, template: str) -> dict[str, dict[str, str]]:
    """Return the parameters of each environment of the configuration file beside a template."""
    folder = posixpath.dirname(template)
    for name in ("samconfig.toml", "samconfig.yaml", "samconfig.yml"):
        path = posixpath.join(folder, name)
        try:
            text = tree.read(path) if tree.is_file(path) else None
        except Unreadable:
            continue
        if text is not None:
            config = _loaded(text, name)
            return {str(key): _of(config, str(key)) for key, own in config.items() if isinstance(own, dict)}
    return {}


def _loaded(text: str, name: str) -> dict[str, Any]:
    if name.endswith(".toml"):
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError:
            return {}
    root = parse(text, name).root
    config = _plain(root) if root is not None else {}
    return config if isinstance(config, dict) else {}


def _of(config: object, environment: str) -> dict[str, str]:
    commands = config.get(environment) if isinstance(config, dict) else None
    for command in COMMANDS:
        section: Any = commands.get(command) if isinstance(commands, dict) else None
        parameters = section.get("parameters") if isinstance(section, dict) else None
        given = parameters.get("parameter_overrides") if isinstance(parameters, dict) else None
        if given is not None:
            return dict(_pairs(given))
    return {}


def _pairs(given: object) -> Iterator[tuple[str, str]]:
    if isinstance(given, str):
        long = [(_bare(m.group(1)), _bare(m.group(2))) for m in _LONG.finditer(given)]
        yield from long or [(m.group(1), _bare(m.group(2))) for m in _SHORT.finditer(given)]
    elif isinstance(given, list):
        for item in given:
            yield from _pairs(item)
    elif isinstance(given, dict):
        yield from ((str(key), str(value)) for key, value in given.items())


def _bare(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1].replace('\\"', '"') if text[0] == '"' else text[1:-1]
    return text


def _plain(node: Node) -> object:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [_plain(item) for item in node.items]
    assert isinstance(node, Mapping)
    return {entry.key.text: _plain(entry.value) for entry in node.entries}
