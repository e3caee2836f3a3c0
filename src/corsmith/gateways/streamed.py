"""Streamed responses: the JSON prelude before the body says status, headers and cookies.

Source: Lambda developer guide, "Response streaming"; the Node.js runtime interface client, which sends the prelude
before the first write. Its key is `statusCode`; without one the status is 200.
"""

from __future__ import annotations

import json

from .asks import Payload, RawPayload, Streamed, Told
from .payload_2_0 import Refuses, shape
from .shaped import Shaped


def collected(told: Told) -> Told:
    """Return what a function streamed as one payload: so it arrives where it was invoked without streaming."""
    if not isinstance(told, Streamed):
        return told
    whole = told.body if told.prelude is None else told.prelude + bytes(8) + told.body
    try:
        return Payload(json.loads(whole))
    except ValueError:
        return RawPayload(whole, told.content_type)


def with_prelude(streamed: Streamed, refuses_other_types: Refuses) -> Shaped | None:
    """Return the response of a stream, None where its prelude is no JSON object or describes no response."""
    if streamed.prelude is None:
        return None
    try:
        metadata = json.loads(streamed.prelude)
    except ValueError:
        return None
    if not isinstance(metadata, dict):
        return None
    described = shape({"statusCode": 200, **metadata, "body": None}, streamed.content_type, refuses_other_types)
    return None if described is None else Shaped(described.status, described.headers, streamed.body)
