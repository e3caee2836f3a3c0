"""A statement about AWS with its source and how sure we are of it."""

from __future__ import annotations

from msgspec import Struct


class Fact(Struct, frozen=True):
    """One behaviour of a front door.

    `confidence`: "documented" by AWS; "measured" on AWS; "reported" by users; "assumed" where nobody says. `assumption`
    is the switch in `Assumptions` that decides it, "" where there is none. Each fact has a test of its name.
    """

    id: str
    statement: str
    source: str
    confidence: str
    assumption: str = ""
