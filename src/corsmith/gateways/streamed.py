"""Streamed responses: the JSON prelude before the body says status, headers and cookies.

Source: Lambda developer guide, "Response streaming"; the Node.js runtime interface client, which sends the prelude
before the first write. Its key is `statusCode`; without one the status is 200.
"""

from __future__ import annotations

import json

from .asks import Streamed
from .payload_2_0 import Refuses, shape
from .shaped import Shaped


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
