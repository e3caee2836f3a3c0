"""Throttling limits of zero, taken off: the account's own limits hold then.

Source: API Gateway developer guide, "Throttle requests to your REST APIs": where a stage says nothing, the account's limits
of the Region hold.
"""

from __future__ import annotations

from corsmith.api.fix import Edit
from corsmith.api.span import Span
from corsmith.api.tree import Tree
from corsmith.readers.nodes import Scalar

from .literals import TEMPLATES
from .terraform_block import block_around
from .yaml_edit import remove_entries
from .yaml_source import entry_of, load, parent_entry

_LIMITS = ("ThrottlingBurstLimit", "ThrottlingRateLimit")
_OF_TERRAFORM = ("throttling_burst_limit", "throttling_rate_limit")


def without_zero(tree: Tree, limit: Span) -> tuple[Edit, ...]:
    """Return the edits that take the limits of zero out of the settings in which the one at `limit` stands."""
    if not limit.file.endswith(TEMPLATES):
        written = block_around(tree, limit)
        if written is None:
            return ()
        zero = [name for name in _OF_TERRAFORM if _is_zero(written.value(name) or "")]
        return tuple(edit for name in zero for edit in written.unset(name))
    source = load(tree, limit.file)
    _, settings = (entry_of(source.root, limit) if source is not None else None) or (None, None)
    if source is None or settings is None:
        return ()
    gone = tuple(
        each
        for each in settings.entries
        if each.key.text in _LIMITS and isinstance(each.value, Scalar) and _is_zero(each.value.text)
    )
    if len(gone) < len(settings.entries):
        return remove_entries(source, settings, gone)
    # Nothing would be left of the settings.
    held = parent_entry(source.root, settings)
    return remove_entries(source, held[1], (held[0],)) if held is not None and len(held[1].entries) > 1 else ()


def _is_zero(text: str) -> bool:
    try:
        return float(text.strip("\"'")) == 0
    except ValueError:
        return False
