"""A CloudFormation document of what is deployed, which remembers what in the account each part of its text stands for."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from corsmith.api.span import Span, locate
from corsmith.readers.template import ACCOUNT

from .links import Deployed

_ODD = re.compile(r"[/:{}$\\\"]+")


class Spot(Struct, frozen=True):
    """The part of the text from `start` up to `end`, and what it stands for."""

    start: int
    end: int
    deployed: Deployed


class Document(Struct, frozen=True):
    """A document. `path` is its name in a Tree; `spots` are in the order of the text and do not overlap."""

    path: str
    text: str
    spots: tuple[Spot, ...]
    files: dict[str, str] = field(default_factory=dict)
    """Code that was downloaded: path to text."""
    addresses: dict[str, str] = field(default_factory=dict)
    """Logical name of a front door to the address that AWS gave it: scheme and host."""
    stages: dict[str, dict[str, str]] = field(default_factory=dict)
    """Logical name to the addresses of its stages under a custom domain, where its own address is turned off."""

    owners: dict[str, Deployed] = field(default_factory=dict)
    """Folder of downloaded code to its function."""

    def deployed(self, span: Span) -> Deployed | None:
        """Return what stands at `span`, None where it is no part of the account. Code is told with file and line."""
        if span.file != self.path:
            return self._in_code(span)
        at = bisect_right(self.spots, span.start, key=lambda spot: spot.start) - 1
        return self.spots[at].deployed if at >= 0 and span.start < self.spots[at].end else None

    def _in_code(self, span: Span) -> Deployed | None:
        text = self.files.get(span.file)
        for folder, owner in self.owners.items():
            if text is not None and span.file.startswith(f"{folder}/"):
                place = locate(span, text)
                label = f"{owner.label}, {span.file.removeprefix(f'{folder}/')}:{place.line}"
                return replace(owner, label=label)
        return None


class Writer(Struct):
    """Takes resources one by one."""

    path: str
    _parts: list[str] = field(default_factory=list)
    _spots: list[Spot] = field(default_factory=list)
    _names: set[str] = field(default_factory=set)
    _length: int = 0
    addresses: dict[str, str] = field(default_factory=dict)
    """Logical name of a front door to its address; filled by whoever writes it."""
    stages: dict[str, dict[str, str]] = field(default_factory=dict)
    """Logical name to its stages' addresses under a custom domain; filled in the same way."""

    def named(self, wanted: str) -> str:
        """Return a logical id like `wanted` that is not taken yet."""
        bare = _ODD.sub("-", wanted).strip("-") or "unnamed"
        name, number = bare, 1
        while name in self._names:
            number += 1
            name = f"{bare}-{number}"
        self._names.add(name)
        return name

    def add(self, name: str, kind: str, properties: dict[str, Any], deployed: Deployed) -> None:
        """Add a resource under a name that `named` gave. What is None is left out."""
        body = {"Type": kind, "Properties": {key: each for key, each in properties.items() if each is not None}}
        # Compact, because a template may have two million characters; a line for each resource, for people who look.
        text = f"{json.dumps(name)}: {json.dumps(body, separators=(',', ':'))}"
        start = len(_HEAD) + self._length
        self._spots.append(Spot(start, start + len(text), deployed))
        self._parts.append(text)
        self._length += len(text) + len(_BETWEEN)

    def document(self, files: dict[str, str], owners: dict[str, Deployed]) -> Document:
        """Return the whole, with the code of functions and whose it is."""
        text = _HEAD + _BETWEEN.join(self._parts) + _TAIL
        return Document(self.path, text, tuple(self._spots), files, self.addresses, self.stages, owners)


_HEAD = f'{{"AWSTemplateFormatVersion": "2010-09-09",\n"Metadata": {{"{ACCOUNT}": true}},\n"Resources": {{\n'
_BETWEEN = ",\n"
_TAIL = "\n}}\n"


def ref(name: str) -> dict[str, str]:
    """Return a reference to a resource."""
    return {"Ref": name}


def attribute(name: str, what: str = "Arn") -> dict[str, list[str]]:
    """Return an attribute of a resource."""
    return {"Fn::GetAtt": [name, what]}


def joined(*parts: Any) -> dict[str, list[Any]]:
    """Return a text of several parts."""
    return {"Fn::Join": ["", list(parts)]}
