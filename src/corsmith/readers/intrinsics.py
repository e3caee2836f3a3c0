"""CloudFormation's functions as nodes: `!Sub x` and `{"Fn::Sub": x}` are one."""

from __future__ import annotations

from .nodes import Mapping, Node, Scalar, Sequence

_NAMES = frozenset({"Ref", "Condition"})


def intrinsic(node: Node) -> tuple[str, Node] | None:
    """Return the name ("Ref", "Fn::Sub", …) and the argument of a function's use; None for any other node."""
    if node.tag:
        name = node.tag.lstrip("!")
        return (name if name in _NAMES or name.startswith("Fn::") else "Fn::" + name), untagged(node)
    if isinstance(node, Mapping) and len(node.entries) == 1:
        name = node.entries[0].key.text
        if name == "Ref" or name.startswith("Fn::"):
            return name, node.entries[0].value
    return None


def untagged(node: Node) -> Node:
    """Return the node without its tag."""
    if isinstance(node, Scalar):
        return Scalar(node.text, node.span, node.kind, node.style, via=node.via)
    if isinstance(node, Sequence):
        return Sequence(node.items, node.span, node.style, node.indent)
    return Mapping(node.entries, node.span, node.style, node.indent)


def logical_id(node: Node | None) -> str | None:
    """Return the logical id that `node` names: `X`, `!Ref X`, `!GetAtt X.Arn`, `!Sub ${X.Arn}`; None for anything else."""
    if node is None:
        return None
    if isinstance(node, Scalar) and not node.tag:
        return node.text
    used = intrinsic(node)
    if used is None:
        return None
    name, argument = used
    if name == "Ref" and isinstance(argument, Scalar):
        return argument.text
    if name == "Fn::GetAtt":
        if isinstance(argument, Scalar):
            return argument.text.partition(".")[0]
        if isinstance(argument, Sequence) and argument.items and isinstance(argument.items[0], Scalar):
            return argument.items[0].text
    if name == "Fn::Sub" and isinstance(argument, Scalar):
        bare = argument.text.strip()
        if bare.startswith("${") and bare.endswith("}") and bare.count("${") == 1:
            return bare[2:-1].partition(".")[0]
    return None
