"""The parser: tree-sitter with its grammar of HCL, loaded when the first Terraform file is read.

It is tolerant: where a file has errors, what stands around them is read all the same.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node, Parser


@cache
def _parser() -> Parser:
    import tree_sitter_hcl
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_hcl.language()))


def root_of(data: bytes) -> Node:
    """Return the root of the syntax tree of a file."""
    return _parser().parse(data).root_node


def faults(root: Node, most: int) -> list[Node]:
    """Return the nodes at which the text stops making sense, the first `most` of them, outermost first."""
    found: list[Node] = []
    pending = [root]
    while pending and len(found) < most:
        node = pending.pop()
        if node.is_error or node.is_missing:
            found.append(node)
        elif node.has_error:
            pending += reversed(node.children)
    return found
