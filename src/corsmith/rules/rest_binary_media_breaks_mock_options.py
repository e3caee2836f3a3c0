"""rest-binary-media-breaks-mock-options: binary media type `*/*` makes the OPTIONS mock fail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname

from corsmith.api.finding import Category
from corsmith.api.fix import Fix
from corsmith.api.rest_api import RestApi
from corsmith.api.span import Span
from corsmith.api.tree import Unreadable
from corsmith.api.value import Known
from corsmith.fixes.lists import remove_from_list, remove_key

from .blocked import Blocked
from .rest_mock_options_broken import binary, mock_failed
from .rest_proposals import take_as_text
from .rule import Diagnosis, Rule, by_hand


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain mocks that cannot read the preflight's body because it counts as binary."""
    method, front_door = mock_failed(blocked), blocked.front_door
    if method is None or not isinstance(front_door, RestApi) or not binary(front_door):
        return None
    return Diagnosis(
        f"REST API {front_door.name} treats every media type as binary (`*/*`), and the MOCK of OPTIONS {method.path} has no "
        "contentHandling, so the preflight fails with 500. Set contentHandling CONVERT_TO_TEXT on it, or name the types.",
        tuple(span for span in (_everything(front_door), method.span) if span is not None),
        lambda: _mended(blocked, front_door),
    )


def _mended(blocked: Blocked, front_door: RestApi) -> Iterator[Fix]:
    """Let the mock take text; where SAM writes it, which has no word for that, take the type out that nothing needs."""
    yield from take_as_text(blocked)
    place, listed = _everything(front_door), front_door.binary_media_types.span
    if place is not None and listed is not None and not _mentions_binary(blocked):
        edits = remove_from_list(blocked.tree, place) or remove_key(blocked.tree, listed)
        if edits:
            title = "Take */* out of BinaryMediaTypes: the code neither sends nor takes a binary body"
            yield Fix(title, safe=False, edits=edits)
    yield from by_hand("Name the binary types", _BY_HAND)


_BY_HAND = (
    "Name the types that the API really sends or takes as binary (image/png, application/pdf) instead of */*. SAM has no "
    "setting for contentHandling on the OPTIONS methods that it writes for Cors; where */* has to stay, take Cors off, "
    "and let the function answer OPTIONS through an event of its own."
)


_BINARY = re.compile(
    r"base64|b64|mangum|serverless.?express|serverless-http|fastify|hono|koa|nestjs|adapter", re.IGNORECASE
)
"""What code says that handles binary bodies, or that uses an adapter which does."""
_CODE = (".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts")


def _mentions_binary(blocked: Blocked) -> bool:
    """Say whether any code beside the template may have to do with binary bodies; what cannot be read may."""
    tree = blocked.tree
    for file in tree.list(dirname(blocked.cell.api.file) or "."):
        if file.endswith(_CODE):
            try:
                if _BINARY.search(tree.read(file)):
                    return True
            except Unreadable:
                return True
    return any(not isinstance(each.code, Known) and each.inline is None for each in blocked.cell.api.functions)


def _everything(front_door: RestApi) -> Span | None:
    """Return where `*/*` stands."""
    types = front_door.binary_media_types
    items = types.value if isinstance(types, Known) else ()
    return next((each.span for each in items if isinstance(each, Known) and each.value == "*/*"), types.span)


RULE = Rule(
    "rest-binary-media-breaks-mock-options",
    Category.BLOCKED,
    "binary media type `*/*` makes the OPTIONS mock fail with 500 (no CONVERT_TO_TEXT)",
    explain,
)
