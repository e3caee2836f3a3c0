"""The addresses that a judgement makes up, and those that the account really has."""

from __future__ import annotations

from collections.abc import Callable

from corsmith.gateways import base_url
from corsmith.project.check import Checked

from .writing import Document


def addressed(written: Document, checked: Checked) -> Callable[[str], str]:
    """Return what puts the account's own addresses in the place of made-up ones."""
    known = written.addresses
    doors = checked.apis[0].front_doors if checked.apis else ()
    swap = [
        (base_url(door, stage), address)
        for door in doors
        for stage, address in written.stages.get(door.name, {}).items()
    ]
    swap += [(_origin(base_url(door)), known[door.name]) for door in doors if door.name in known]

    folder = written.path.partition("/restapis/")[0].partition("/apis/")[0].partition("/functions/")[0] + "/code/"

    def real(text: str) -> str:
        text = text.replace(folder, "")
        for made_up, own in swap:
            text = text.replace(made_up, own)
        return text

    return real


def _origin(url: str) -> str:
    return "/".join(url.split("/")[:3])
