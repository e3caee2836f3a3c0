"""The definition that a SAM API is given: inline, by an include, or as a file, both in the tree."""

from __future__ import annotations

import posixpath

from corsmith.api.tree import Tree, Unreadable
from corsmith.api.value import Known
from corsmith.readers.document import parse
from corsmith.readers.intrinsics import intrinsic
from corsmith.readers.nodes import Mapping, Node, Scalar
from corsmith.readers.openapi.body import Body, body_of
from corsmith.readers.operations import Paths
from corsmith.readers.reading import Reading


def definition_of(tree: Tree, reading: Reading, properties: Mapping, limit: Known[int]) -> Body | None:
    """Return the definition of a SAM API; None where its events are all there is.

    `limit`: an integration's timeout where none is set, milliseconds. An include stands for what is inline: CloudFormation
    carries out macros from the innermost to the outermost (AWS CloudFormation user guide, "Perform custom processing on
    CloudFormation templates with template macros"), so SAM sees what was included. Only `sam validate` and the translator
    on one's own machine do not, and refuse what deploys (aws/aws-sam-cli#803, aws/aws-sam-cli#1572).
    """
    inline, address = properties.get("DefinitionBody"), properties.get("DefinitionUri")
    if inline is not None:
        included = _included(inline)
        if included is None:
            root = reading.supposed(inline)
            return body_of(reading, root, limit) if root is not None else Body(Paths(), inline=False, has_paths=False)
        return _from_file(tree, reading, included, limit)
    if address is not None:
        body = _from_file(tree, reading, address, limit)
        body.inline = False
        return body
    return None


def _included(node: Node) -> Node | None:
    """The location of an AWS::Include that stands for the whole definition."""
    used = intrinsic(node)
    if used is None or used[0] != "Fn::Transform" or not isinstance(used[1], Mapping):
        return None
    name = used[1].get("Name")
    parameters = used[1].get("Parameters")
    if not (isinstance(name, Scalar) and name.text == "AWS::Include" and isinstance(parameters, Mapping)):
        return None
    return parameters.get("Location")


def _from_file(tree: Tree, reading: Reading, address: Node, limit: Known[int]) -> Body:
    place = reading.text(address)
    if isinstance(place, Known):
        path = posixpath.normpath(posixpath.join(posixpath.dirname(reading.template.file), place.value))
        try:
            text = tree.read(path)
        except Unreadable:
            return _missing()
        root = parse(text, path).root
        if isinstance(root, Mapping):
            return body_of(reading, root, limit)
    return _missing()


def _missing() -> Body:
    return Body(Paths(), has_paths=False, in_project=False)
