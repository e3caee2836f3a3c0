"""The whole way: templates and code become cells, cells become findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from corsmith.api.caller import Caller, CallerFlags
from corsmith.api.cell import Cell, Route
from corsmith.api.cloudfront import CloudFront
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi
from corsmith.api.model import Api, FrontDoor, Problem
from corsmith.api.page_call import PageCall
from corsmith.api.tree import Tree, Unreadable
from corsmith.api.value import Known
from corsmith.api.wanted import Wanted
from corsmith.gateways import match
from corsmith.readers import TITLES, Settings, read
from corsmith.readers.collector import seldom
from corsmith.readers.environments import Environment, environments, of_stage
from corsmith.rules import Admitted, Blocked

from .behaviours import Behaviours, code_key
from .callers import callers
from .discover import discover
from .distributed import served_by
from .findings import Group, Seen, group
from .judge import Judge
from .memory import Memory
from .origins import declared, named, pages_of
from .pages import SCRIPTS, Paths, Told, called, is_answer, named_paths, no_pages, pages_near, sent_by_pages, to_route
from .part import Asked, Part, RouteKey, part
from .routes import example_path, function_of
from .situations import mishaps, refusals, stored
from .steps import Hears, nobody

_READ = ", ".join(TITLES)
Plan = Mapping[RouteKey, tuple[Caller, ...]]
"""Who calls which route: what was derived before a fix holds after it."""


class Question(Struct, frozen=True):
    """What is to be checked, for whom, in which browser."""

    targets: tuple[str, ...]
    flags: CallerFlags = CallerFlags()
    settings: Settings = Settings()
    profile: str = "model"
    environment: str = ""
    """The environment whose values `settings` are; "" for the usual one of each template."""
    only: frozenset[str] = frozenset()
    """The templates that are looked at, all where it is empty."""


class Checked(Struct, frozen=True, dict=True):
    """What a check saw, before any fix is tried. Findings are made when they are asked for: proofs need none."""

    tree: Tree
    apis: tuple[Api, ...]
    parts: tuple[Part, ...]
    problems: tuple[Problem, ...]
    passed_over: tuple[str, ...]
    plan: Plan
    memory: Memory
    judges: Mapping[str, Judge] = {}
    """Who judged the calls to each template's front doors: what was judged once need not be again."""
    environments: Mapping[str, tuple[Environment, ...]] = {}
    """The environments that templates know, the one that was checked first."""

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """All judged cells."""
        return tuple([cell for each in self.parts for cell in each.cells])

    @cached_property
    def blocked(self) -> tuple[Blocked, ...]:
        """The blocked cells as rules look at them."""
        return tuple([blocked for each in self.parts for blocked in each.blocked_in(self.tree)])

    @property
    def admitted(self) -> tuple[Admitted, ...]:
        """The strangers' calls that pass."""
        return tuple([stranger for each in self.parts for stranger in each.admitted])

    @cached_property
    def places(self) -> dict[RouteKey, tuple[int, ...]]:
        """Where in `parts` a route is."""
        found: dict[RouteKey, tuple[int, ...]] = {}
        for at, each in enumerate(self.parts):
            found[each.asked.key] = (*found.get(each.asked.key, ()), at)
        return found

    @cached_property
    def answered_by(self) -> dict[tuple[str, str], tuple[int, ...]]:
        """Where in `parts` the routes are in which a function has a say, by template and name."""
        found: dict[tuple[str, str], tuple[int, ...]] = {}
        for at, each in enumerate(self.parts):
            for name in each.functions():
                key = (each.asked.key[0], name)
                found[key] = (*found.get(key, ()), at)
        return found

    @cached_property
    def functions(self) -> dict[tuple[str, Any], tuple[str, ...]]:
        """The functions that one piece of code is: their names, by the template and by the key of the code in `memory`."""
        found: dict[tuple[str, Any], tuple[str, ...]] = {}
        for api in self.apis:
            for function in api.functions:
                key = (api.file, code_key(function))
                found[key] = (*found.get(key, ()), function.name)
        return found

    @cached_property
    def trials(self) -> dict[tuple[object, ...], Any]:
        """What came of changes that were tried, by their edits: `prove` keeps them here."""
        return {}

    @cached_property
    def _grouped(self) -> tuple[tuple[Group, ...], tuple[Cell, ...]]:
        return group(Seen(self.blocked, self.admitted, self.cells, self.apis, self.tree))

    @property
    def groups(self) -> tuple[Group, ...]:
        """The findings, worst first."""
        return self._grouped[0]

    @property
    def unexplained(self) -> tuple[Cell, ...]:
        """The blocked cells that no rule explains."""
        return self._grouped[1]


class _Check(Struct):
    tree: Tree
    question: Question
    before: Plan
    memory: Memory
    hears: Hears = nobody
    plan: dict[RouteKey, tuple[Caller, ...]] = field(default_factory=dict)
    apis: list[Api] = field(default_factory=list)
    judges: dict[str, Judge] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    environments: dict[str, tuple[Environment, ...]] = field(default_factory=dict)

    def run(self) -> Checked:
        for target in self.question.targets:
            self._target(target)
        return Checked(
            self.tree,
            tuple(self.apis),
            tuple(self.parts),
            tuple(dict.fromkeys(self.problems)),
            tuple(self.passed_over),
            self.plan,
            self.memory,
            self.judges,
            self.environments,
        )

    def _target(self, target: str) -> None:
        self.hears(f"looking for templates in {target}")
        try:
            found = self.memory.recall(("discovery", target), self.tree, lambda tree: discover(tree, target))
        except Unreadable as error:
            self.problems.append(Problem(target, 1, 1, error.reason))
            return
        self.passed_over += found.passed_over
        if not found.templates:
            self.problems.append(Problem(target, 1, 1, f"holds no template that corsmith reads ({_READ})"))
        templates, elsewhere = of_stage(found.templates, self.question.settings.stage)
        self.passed_over += elsewhere
        templates = tuple(each for each in templates if not self.question.only or each in self.question.only)
        apis: list[Api] = []
        for number, template in enumerate(templates, 1):
            self.hears(f"reading {template} ({number} of {len(templates)})")
            api = self._met(template)
            apis += [] if api is None else [api]
        parts = [api for api in apis if _is_part(api, apis)]
        self.passed_over += [api.file for api in parts]
        mine = [api for api in apis if not any(api is part for part in parts)]
        self.apis += mine
        known = [Behaviours(self.tree, {each.name: each for each in api.functions}, self.memory) for api in mine]
        paths = named_paths(apis)
        sent = self._sent(target, mine, known)
        for number, (api, behaviours) in enumerate(zip(mine, known, strict=True), 1):
            self.hears(f"checking {api.file} ({number} of {len(mine)})")
            self.problems += api.problems
            self._api(api, behaviours, paths, sent)

    def _met(self, template: str) -> Api | None:
        """Return what a template deploys; None, and a problem, where that cannot be read, or was met before."""
        if template in self.seen:
            return None
        self.seen.add(template)
        try:
            api = self._read(template)
        except Unreadable as error:
            self.problems.append(Problem(template, 1, 1, error.reason))
            return None
        if api is None:
            self.problems.append(Problem(template, 1, 1, f"is no template that corsmith reads ({_READ})"))
        return api

    def _read(self, template: str) -> Api | None:
        known: tuple[Environment, ...] = ()
        if not self.question.environment:
            known = self.memory.recall(
                ("environments", template), self.tree, lambda tree: environments(tree, template, self.question.settings)
            )
        if known:
            self.environments[template] = known
        settings = known[0].settings if known else self.question.settings
        # Settings may come from files that `read` does not look at.
        given = (tuple(sorted(settings.parameters.items())), settings.stage, settings.config_env, settings.var_files)
        key = ("template", template, self.question.environment, given)
        return self.memory.recall(key, self.tree, lambda tree: read(tree, template, settings))

    def _api(self, api: Api, behaviours: Behaviours, paths: Paths, sent: tuple[PageCall, ...]) -> None:
        judge = self.judges[api.file] = Judge(api, self.question.profile)
        origins = declared(api)
        calls = called(sent, api, paths, origins)
        for front_door, served in served_by(api, behaviours.summary, self.question.flags.methods, calls):
            mine = _narrowed(served, self.question.flags.path)
            pages = pages_of(front_door) if isinstance(front_door, CloudFront) and not named(api) else ()
            self._front_door(front_door, mine, behaviours, judge, pages or origins, calls)
        self.problems += behaviours.problems

    def _sent(self, target: str, apis: list[Api], known: list[Behaviours]) -> tuple[PageCall, ...]:
        """Return what the project's own pages call: they are read once for all of its templates."""
        near = pages_near(self.tree, target)
        if not apis or not any(path.endswith(SCRIPTS) for path in near):
            return ()
        files: list[str] = []
        for number, (api, behaviours) in enumerate(zip(apis, known, strict=True), 1):
            self.hears(f"reading the code of {api.file} ({number} of {len(apis)})")
            files += _code_of(api, behaviours)
        but = no_pages(apis, files)
        self.hears(f"reading the scripts of pages in {target}")
        return self.memory.recall(("pages", target, but), self.tree, lambda tree: sent_by_pages(tree, near, but))

    def _front_door(
        self,
        front_door: FrontDoor,
        mine: list[Route],
        behaviours: Behaviours,
        judge: Judge,
        origins: tuple[str, ...],
        calls: tuple[Told, ...],
    ) -> None:
        alone = len({route.last.path for route in mine}) == 1
        keys = [(judge.api.file, front_door.name, route.label) for route in mine]
        calling: list[tuple[Caller, ...]] = []
        for key, route in zip(keys, mine, strict=True):
            who = self.before.get(key)
            if not who:
                told = to_route(route, calls, alone=alone)
                summary = behaviours.behind(route).summary
                who = tuple(callers(route, summary, origins, self.question.flags, told))
            self.plan[key] = who
            calling.append(who)
        wanted = _wanted([caller for key in keys for caller in self.plan[key]])
        asked_mishaps = False
        for key, route, who in zip(keys, mine, calling, strict=True):
            accidents = () if asked_mishaps else tuple(mishaps(route))
            asked_mishaps = asked_mishaps or bool(accidents)
            asked = Asked(
                key,
                route,
                who,
                (*refusals(route), *stored(route, origins)),
                accidents,
                # Settings of its own are the same for every route of a front door.
                route is mine[0] or not _answers_itself(route.last.front_door),
                wanted,
            )
            self.parts.append(part(asked, judge, behaviours))


def _code_of(api: Api, behaviours: Behaviours) -> Iterator[str]:
    """Yield the files that the code behind an API's front doors was read from."""
    doors = api.front_doors
    declared_ones = (
        each for door in doors for each in (door, *getattr(door, "routes", ()), *getattr(door, "methods", ()))
    )
    for name in dict.fromkeys(name for name in map(function_of, declared_ones) if name is not None):
        yield from getattr(behaviours.summary(name), "files", ())


def _is_part(api: Api, apis: list[Api]) -> bool:
    """Say whether an OpenAPI definition is read with a template that takes it in."""
    return api.dialect == "openapi" and any(
        each.span.file == api.file
        for other in apis
        if other is not api
        for door in other.front_doors
        for each in (*getattr(door, "routes", ()), *getattr(door, "methods", ()))
    )


def check(tree: Tree, question: Question, before: Checked | None = None, hears: Hears = nobody) -> Checked:
    """Check the templates that `question` names. After `before` the callers are the same, and what is known stays so."""
    with seldom():
        if before is None:
            return _Check(tree, question, {}, Memory(), hears).run()
        return _Check(tree, question, before.plan, before.memory).run()


def check_anew(tree: Tree, question: Question, memory: Memory) -> Checked:
    """Check as from the beginning, for callers derived anew; what `memory` knows of these texts is not worked out again."""
    with seldom():
        return _Check(tree, question, {}, memory).run()


def _answers_itself(front_door: FrontDoor) -> bool:
    """Say whether the front door has CORS settings of its own, or may have: what it reads of them is not known."""
    if not isinstance(front_door, HttpApi | FunctionUrl):
        return False
    return not (isinstance(front_door.cors, Known) and front_door.cors.value is None)


def _narrowed(served: tuple[Route, ...], path: str | None) -> list[Route]:
    """Return the routes that take `path`, each called at that very path: what the code does may depend on it."""
    if path is None:
        return list(served)
    found = [_at(route, path) for route in served if _same_path(route, path)]
    return list({route.label: route for route in found}.values())


def _at(route: Route, path: str) -> Route:
    return route if route.behind is not None else replace(route, path=example_path(path))


def _same_path(route: Route, path: str) -> bool:
    if route.behind is not None:
        # People name a route by its address at the distribution, or by that behind it.
        before = route.path.removesuffix(route.behind.path)
        return _same_path(route.behind, path) or (
            path.startswith(f"{before}/") and _same_path(route.behind, path.removeprefix(before))
        )
    return bool(match(route.front_door, route.method, path) == route.declared)


def _wanted(who: list[Caller]) -> Wanted:
    return Wanted(
        origins=tuple(dict.fromkeys(caller.origin for caller in who)),
        methods=tuple(sorted({caller.method for caller in who})),
        headers=tuple(sorted({name.lower() for caller in who for name, _ in caller.headers if not is_answer(name)})),
        credentials=any(caller.credentials == "include" for caller in who),
    )
