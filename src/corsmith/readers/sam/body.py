"""The definition that a SAM API is given: inline, by an include of the tree, or as a file of the tree."""

from __future__ import annotations

from dataclasses import dataclass, field

from corsmith.api.front_door import Authorizer
from corsmith.api.http_api import HttpApiCors
from corsmith.api.rest_api import GatewayResponse, PolicyRefusal
from corsmith.api.value import Texts
from corsmith.readers.operations import Paths


@dataclass(frozen=True, slots=True)
class Body:
    """A definition. `inline` False: SAM sees only where it is, and adds nothing to it."""

    paths: Paths
    schemes: dict[str, Authorizer] = field(default_factory=dict)
    gateway_responses: tuple[GatewayResponse, ...] = ()
    binary_media_types: Texts | None = None
    refusals: tuple[PolicyRefusal, ...] = ()
    cors: HttpApiCors | None = None
    inline: bool = True
