"""A unit: one front door with all that is read beside it. Units are judged one by one, so that memory stays small."""

from __future__ import annotations

from msgspec import Struct, field

from .snapshot import DistributionState, DomainState, FunctionState, HttpApiState, Place, RestApiState

Door = RestApiState | HttpApiState | FunctionState


class Unit(Struct, frozen=True):
    """A front door as it is deployed. `door` is a function where its URLs are the front door.

    To try a change, replace `door` (or `functions`) by a state that has it, and judge again: nothing here does I/O.
    """

    door: Door
    functions: tuple[FunctionState, ...] = ()
    """The functions behind it; `door` itself is not among them."""
    domains: tuple[DomainState, ...] = ()
    """The custom domains that lead to it."""
    distributions: tuple[DistributionState, ...] = ()
    """The distributions in front of it."""
    code: dict[str, dict[str, str]] = field(default_factory=dict)
    """ARN of a function to its files, path to text, where they were downloaded."""

    @property
    def place(self) -> Place:
        """The account and Region."""
        return self.door.place

    @property
    def path(self) -> str:
        """The name of its document."""
        kind = {RestApiState: "restapis", HttpApiState: "apis", FunctionState: "functions"}[type(self.door)]
        return f"{self.place.account}/{self.place.region}/{kind}/{self.door.id}.json"
