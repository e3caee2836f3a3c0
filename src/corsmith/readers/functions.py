"""Functions: their settings, their environment, and the place of their code."""

from __future__ import annotations

import posixpath

from corsmith.api.function import Function
from corsmith.api.tree import Tree
from corsmith.api.value import Known, Text, Unknown

from .linking import Place, located
from .nodes import Mapping, Node, Sequence
from .reading import Reading, mentioned
from .template import Resource


def function(tree: Tree, reading: Reading, resource: Resource, properties: Mapping, code: Text) -> Function:
    """Return the function of a resource. `code` is the code's place as the template gives it, relative to the template."""
    handler = reading.text(properties.get("Handler")) or Unknown(f"{resource.name} states no Handler", resource.span)
    runtime = reading.text(properties.get("Runtime")) or Unknown(f"{resource.name} states no Runtime", resource.span)
    variables = reading.mapping(reading.at(properties, "Environment", "Variables"))
    environment = tuple(
        (entry.key.text, value)
        for entry in (variables.entries if variables is not None else ())
        if (value := reading.text(entry.value)) is not None
    )
    layers = reading.value(properties.get("Layers"))
    inline = properties.get("InlineCode") or reading.at(properties, "Code", "ZipFile")
    points = _entry_points(reading, resource)
    place = Place(code) if inline is not None else located(tree, reading.template.file, code, handler, points)
    return Function(
        resource.name,
        resource.span,
        runtime,
        handler,
        place.code,
        environment,
        reading.number(properties.get("Timeout")) or Known(3),
        _layers(reading, properties) if layers is not None else (),
        place.by_search,
        reading.text(inline),
    )


_LAYER_TYPES = {"AWS::Serverless::LayerVersion": "ContentUri", "AWS::Lambda::LayerVersion": "Content"}


def _layers(reading: Reading, properties: Mapping) -> tuple[Text, ...]:
    """Return the layers: those that the template defines by the folder of their content, else by what names them."""
    node = properties.get("Layers")
    layers = reading.value(node)
    if not isinstance(layers, Known) or not isinstance(layers.value, tuple):
        return ()
    items = node.items if isinstance(node, Sequence) and len(node.items) == len(layers.value) else ()
    return tuple(
        (_content(reading, items[number]) if items else None) or layer for number, layer in enumerate(layers.value)
    )


def _content(reading: Reading, item: Node) -> Text | None:
    for name in mentioned(item):
        resource = reading.template.resources.get(name)
        where = _LAYER_TYPES.get(resource.type) if resource is not None else None
        if resource is None or where is None:
            continue
        content = reading.text(reading.at(resource.body, "Properties", where))
        if isinstance(content, Known) and "://" not in content.value:
            folder = posixpath.dirname(reading.template.file)
            return Known(posixpath.normpath(posixpath.join(folder, content.value)), content.span, content.via)
    return None


def _entry_points(reading: Reading, resource: Resource) -> tuple[str, ...]:
    points = reading.texts(reading.at(resource.body, "Metadata", "BuildProperties", "EntryPoints"))
    if not isinstance(points, Known):
        return ()
    return tuple(point.value for point in points.value if isinstance(point, Known))


def code_uri(reading: Reading, properties: Mapping) -> Text:
    """Return where a SAM function's code is: CodeUri as a path; unknown where it is in S3, an image, or inline."""
    if properties.get("InlineCode") is not None:
        return Unknown("the code stands inline in the template", properties.span)
    node = properties.get("CodeUri")
    value = reading.value(node)
    if value is None:
        kind = reading.text(properties.get("PackageType"))
        if isinstance(kind, Known) and kind.value == "Image":
            return Unknown("the code is in a container image", properties.span)
        return Unknown("the template states no CodeUri", properties.span)
    if isinstance(value, Known) and isinstance(value.value, Mapping):
        return Unknown("the code is in S3", value.span)
    text = reading.text(node)
    if isinstance(text, Known) and text.value.startswith(("s3://", "https://", "arn:")):
        return Unknown(f"the code is at {text.value}", text.span)
    return text or Unknown("the template states no CodeUri", properties.span)
