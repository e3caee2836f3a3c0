"""AWS::Lambda::Function: where its code is."""

from __future__ import annotations

import posixpath
import re

from corsmith.api.tree import Tree
from corsmith.api.value import Known, Step, Text, Unknown
from corsmith.readers.nodes import Mapping
from corsmith.readers.reading import Reading
from corsmith.readers.template import Resource

_ASSET = re.compile(r"([0-9a-f]{64})\.zip$")


def code_of(tree: Tree, reading: Reading, resource: Resource) -> Text:
    """Return where the code is: a path that packaging will upload, or CDK's asset; unknown for S3, images, inline code."""
    asset = reading.text(reading.at(resource.body, "Metadata", "aws:asset:path"))
    if isinstance(asset, Known):
        return Known(asset.value, asset.span, (Step("the asset in the resource's metadata", asset.span),))
    node = resource.properties.get("Code")
    value = reading.value(node)
    if value is None or node is None:
        return Unknown("the template states no Code", resource.span)
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Known) and isinstance(value.value, str):
        return Known(value.value, value.span, value.via)
    own = value.value if isinstance(value, Known) and isinstance(value.value, Mapping) else None
    if own is None:
        return Unknown("the template states no Code", node.span)
    if own.get("ZipFile") is not None:
        return Unknown("the code stands inline in the template", own.span)
    if own.get("ImageUri") is not None:
        return Unknown("the code is in a container image", own.span)
    return _staged(tree, reading, own) or Unknown("the code is in S3", own.span)


def _staged(tree: Tree, reading: Reading, own: Mapping) -> Text | None:
    """Return the asset that the CDK will upload, where it is in the template's cloud assembly, or in one around that.

    The CDK names an object after its asset; only its command line notes the asset in the resource's metadata.
    """
    key = reading.text(own.get("S3Key"))
    match = _ASSET.search(key.value) if isinstance(key, Known) else None
    if match is None or not isinstance(key, Known):
        return None
    here = folder = posixpath.dirname(reading.template.file)
    while True:
        asset = posixpath.normpath(posixpath.join(folder, f"asset.{match.group(1)}"))
        if tree.list(asset):
            place = posixpath.relpath(asset, here or ".")
            return Known(place, key.span, (Step("the asset that the object is named after", key.span),))
        if not posixpath.basename(folder).startswith("assembly-"):
            return None
        folder = posixpath.dirname(folder)
