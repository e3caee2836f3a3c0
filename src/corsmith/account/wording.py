"""What rules and readers say of a template, said of an account."""

from __future__ import annotations

import re

_SAID = {
    "no function of this template": "no function that was read",
    "is not defined in this template": "was not read",
    "is not defined in the template": "was not read",
    "the code is in S3": "the function's code was not read (--code reads it)",
    "the CORS configuration of the template": "the API's CORS configuration",
    "is not set in the template": "is not set on the function",
    "corsmith::NotRead is neither a parameter nor a resource of this template": "its value was left unread: it may be a secret",
}
_ANY = re.compile("|".join(re.escape(each) for each in _SAID))


def of_an_account(text: str) -> str:
    """Return a message or a reason in the words for an account."""
    return _ANY.sub(lambda match: _SAID[match.group()], text)
