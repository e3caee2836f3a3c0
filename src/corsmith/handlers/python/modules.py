"""Where a module's file is: the code folder first, then local layers, as the Lambda runtime's path has them."""

from __future__ import annotations

from posixpath import dirname, join, normpath

from msgspec import Struct

from ..remembered import Watched


class Finder(Struct, frozen=True):
    """Finds modules by their dotted names. `roots` are folders of the tree, in the order of the search."""

    tree: Watched
    roots: tuple[str, ...]

    def find(self, segments: tuple[str, ...]) -> str | None:
        """Return the path of the module's file, None where the tree has none."""
        for root in self.roots:
            base = normpath(join(root, *segments)) if segments else normpath(root)
            for path in (f"{base}.py", f"{base}/__init__.py"):
                if segments and self.tree.is_file(path):
                    return path
        return None


def roots_of(code: str, layers: tuple[str, ...]) -> tuple[str, ...]:
    """Return the folders that modules are searched in, for code given as a folder or a file."""
    root = dirname(code) or "." if code.endswith((".py", ".zip")) else code
    found = [root or "."]
    for layer in layers:
        found += (join(layer, "python"), layer)
    return tuple(found)
