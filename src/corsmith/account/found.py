"""What an audit finds: findings and open questions, with their places in an account."""

from __future__ import annotations

from msgspec import Struct

from corsmith.api.finding import Finding

from .compare import Difference
from .links import Deployed
from .snapshot import Place


class Found(Struct, frozen=True):
    """A finding in an account. `deployed`: where one would act, the first place first. `door`: ARN of the unit's door."""

    finding: Finding
    place: Place
    door: str
    deployed: tuple[Deployed, ...]
    differences: tuple[Difference, ...] = ()
    """What is not the same on both sides, where the finding is about two of them."""


class Open(Struct, frozen=True):
    """A call that is undecided, and why."""

    front_door: str
    api: str
    route: str
    outcome: str
    because: str
    deployed: Deployed | None
