"""The units of a place, one after the other: each front door with the functions, domains and distributions around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

from .document import host_of
from .read_functions import called_by
from .snapshot import DistributionState, DomainState, FunctionState, HttpApiState, RestApiState
from .store import Shelf
from .unit import Door, Unit

Code = Callable[[FunctionState], dict[str, str]]
"""What gives the files of a function; {} where they were not asked for."""


def no_code(state: FunctionState) -> dict[str, str]:
    """Read no code."""
    del state
    return {}


def units(shelf: Shelf, around: Shelf, code: Code = no_code) -> Iterator[Unit]:
    """Yield the units of a Region. `around` holds the account's distributions."""
    domains = tuple(shelf.states(DomainState))
    distributions = tuple(around.states(DistributionState))
    apis: Iterator[RestApiState | HttpApiState] = chain(shelf.states(RestApiState), shelf.states(HttpApiState))
    for state in apis:
        yield unit_of(state, shelf, domains, distributions, code)
    for function in shelf.states(FunctionState):
        if function.urls:
            yield unit_of(function, shelf, domains, distributions, code)


def unit_of(
    state: Door,
    shelf: Shelf,
    domains: tuple[DomainState, ...],
    distributions: tuple[DistributionState, ...],
    code: Code = no_code,
) -> Unit:
    """Return the unit around one front door."""
    if isinstance(state, FunctionState):
        hosts = frozenset(host_of(url) for url in state.urls)
        return Unit(state, (), (), _in_front(distributions, hosts), _code((state,), code))
    called = called_by((state,))
    read = (shelf.state(FunctionState, arn.rpartition(":")[2]) for arn in called)
    functions = tuple(each for each in read if each is not None and each.arn in called)
    own = tuple(each for each in domains if any(m.get("ApiId") == state.id for m in each.mappings))
    hosts = frozenset(each.id for each in own)
    return Unit(
        state, functions, own, _in_front(distributions, hosts, f"{state.id}.execute-api."), _code(functions, code)
    )


def _in_front(
    distributions: tuple[DistributionState, ...], hosts: frozenset[str], prefix: str = "\n"
) -> tuple[DistributionState, ...]:
    def leads(state: DistributionState) -> bool:
        origins = ((state.distribution.get("Origins") or {}).get("Items")) or ()
        names = [str(origin.get("DomainName")) for origin in origins]
        return any(name in hosts or name.startswith(prefix) for name in names)

    return tuple(state for state in distributions if leads(state))


def _code(functions: tuple[FunctionState, ...], code: Code) -> dict[str, dict[str, str]]:
    return {state.arn: files for state in functions if (files := code(state))}
