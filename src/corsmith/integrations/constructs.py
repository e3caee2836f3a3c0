"""Which construct of a CDK app made a resource: what a cloud assembly's metadata says of logical ids."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def constructs_in(folder: Path) -> dict[str, str]:
    """Return logical ids to paths of constructs (`Shop/Api/Resource`), of every stack in a cloud assembly."""
    found: dict[str, str] = {}
    for file in sorted((*folder.rglob("manifest.json"), *folder.rglob("*.metadata.json"))):
        read = json.loads(file.read_text(encoding="utf-8"))
        for path, entries in _metadata(read):
            for entry in entries:
                if entry.get("type") == "aws:cdk:logicalId":
                    found.setdefault(str(entry.get("data")), path.strip("/"))
    return found


def _metadata(read: Any) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield what is said of each construct: in the manifest, or in a file beside it, as the CDK does it now."""
    if not isinstance(read, dict):
        return
    artifacts = read.get("artifacts")
    parts = [read] if not isinstance(artifacts, dict) else [each.get("metadata", {}) for each in artifacts.values()]
    for part in parts:
        for path, entries in part.items():
            if path.startswith("/") and isinstance(entries, list):
                yield path, entries


def construct_of(root: Any, path: str) -> Any:
    """Return the construct at `path`, as far down as the app has constructs of these names; `root` for "".

    The last part, `Resource`, is passed over: people know the construct that holds it.
    """
    here = root
    for part in path.removesuffix("/Resource").split("/") if path else ():
        below = here.node.try_find_child(part)
        if below is None:
            break
        here = below
    return here
