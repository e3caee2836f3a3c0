"""Where a function's code is: the folder or file that an archive is made of, an image, a package built elsewhere."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from msgspec import structs

from corsmith.readers.nodes import Mapping, Node, Scalar, Sequence

from .scope import Instance
from .terms import is_plain_text, mapping, reason, text, unknown

if TYPE_CHECKING:
    from .world import World

_OBJECTS = ("aws_s3_object", "aws_s3_bucket_object")
_PACKAGES = (".zip", ".jar")


def code_of(world: World, instance: Instance) -> list[tuple[Scalar, Node]]:
    """Return the properties that say where the code is, and an image's handler."""
    image = world.stated(instance, "image_uri")
    if image is not None and not (isinstance(image, Scalar) and image.kind == "null"):
        inner = mapping(((Scalar("ImageUri", image.span), text("image", image.span)),), image.span)
        return [(Scalar("Code", image.span), inner), *_image_handler(world, instance)]
    code = _code(world, instance)
    return [(Scalar("Code", code.span), code)] if code is not None else []


def _image_handler(world: World, instance: Instance) -> list[tuple[Scalar, Node]]:
    """The command of an image is the handler."""
    config = world.stated(instance, "image_config")
    own = config.items[0] if isinstance(config, Sequence) and not config.tag and config.items else config
    command = own.get("command") if isinstance(own, Mapping) else None
    if isinstance(command, Sequence) and not command.tag and command.items and is_plain_text(command.items[0]):
        return [(Scalar("Handler", command.span), command.items[0])]
    return []


def _code(world: World, instance: Instance) -> Node | None:
    for name in ("source_path", "filename", "s3_key"):
        node = world.stated(instance, name)
        if node is not None and not (isinstance(node, Scalar) and node.kind == "null"):
            return _source(node) if name == "source_path" else _package(world, node, name)
    return None


def _source(node: Node) -> Node:
    """What the public module packs: a path, or several, or objects with one."""
    if isinstance(node, Sequence) and not node.tag and node.items:
        return _source(node.items[0])
    if isinstance(node, Mapping):
        path = node.get("path")
        return _source(path) if path is not None else unknown("source_path states no path", node.span)
    return node


def _package(world: World, node: Node, name: str) -> Node:
    archive = _archive(world, node)
    if archive is not None:
        found = _archived(world, archive)
        if found is not None:
            return found
    if not is_plain_text(node) or not isinstance(node, Scalar):
        return unknown(f"the package is not known: {reason(node)}", node.span)
    if name == "s3_key":
        return unknown(f"the code is in S3, as {node.text}", node.span)
    if node.text.endswith(_PACKAGES):
        return unknown(f"the package {posixpath.basename(node.text)} is built outside Terraform", node.span)
    return node


def _archive(world: World, node: Node) -> Instance | None:
    """The archive that a package is: named by a reference, uploaded as an object, or written to the same path."""
    if isinstance(node, Sequence) and node.tag == "!GetAtt" and isinstance(node.items[0], Scalar):
        instance = world.instances.get(node.items[0].text)
        if instance is not None and instance.type in _OBJECTS:
            source = world.stated(instance, "source")
            return _archive(world, source) if source is not None else None
        return instance if instance is not None and instance.type == "data.archive_file" else None
    if isinstance(node, Scalar) and not node.tag:
        return _by_path(world).get(posixpath.normpath(node.text))
    return None


def _by_path(world: World) -> dict[str, Instance]:
    """The archives of a project by the paths that they are written to."""
    found = world.archives
    if found is None:
        found = world.archives = {}
        for instance in world.instances.values():
            path = world.stated(instance, "output_path") if instance.type == "data.archive_file" else None
            if isinstance(path, Scalar) and not path.tag:
                found.setdefault(posixpath.normpath(path.text), instance)
    return found


def _archived(world: World, archive: Instance) -> Node | None:
    for name in ("source_dir", "source_file"):
        node = world.stated(archive, name)
        if node is not None and not (isinstance(node, Scalar) and node.kind == "null"):
            return node
    content = world.stated(archive, "source_content")
    sources = world.stated(archive, "source")
    blocks = sources.items if isinstance(sources, Sequence) and not sources.tag else ()
    contents = (
        [content] if content is not None else [each.get("content") for each in blocks if isinstance(each, Mapping)]
    )
    for each in contents:
        if isinstance(each, Scalar) and each.style == "file":
            return _from_root(world, each)
    if len(contents) == 1 and contents[0] is not None:
        # The source stands in the configuration itself.
        return mapping(((Scalar("ZipFile", archive.span), contents[0]),), archive.span)
    return unknown(f"what {archive.address} packs is not known", archive.span) if contents else None


def _from_root(world: World, content: Scalar) -> Node:
    """The path of a file that was read, as paths of the project are: from the root module's folder."""
    above = [] if world.folder == "." else [".."] * len(world.folder.split("/"))
    return structs.replace(content, text="/".join((*above, content.span.file)), style="double")
