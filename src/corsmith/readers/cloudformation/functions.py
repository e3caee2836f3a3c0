"""AWS::Lambda::Function: where its code is."""

from __future__ import annotations

from corsmith.api.value import Known, Step, Text, Unknown
from corsmith.readers.nodes import Mapping
from corsmith.readers.reading import Reading
from corsmith.readers.template import Resource


def code_of(reading: Reading, resource: Resource) -> Text:
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
    return Unknown("the code is in S3", own.span)
