"""A unit repaired in memory: one repair after the other, each proven on what the ones before it left."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct, field

from corsmith.account.checking import checked_document
from corsmith.account.document import working_copy
from corsmith.account.snapshot import RestApiState
from corsmith.account.unit import Unit
from corsmith.account.writing import Document
from corsmith.api.caller import CallerFlags
from corsmith.api.finding import Category, Confidence, Finding, Severity
from corsmith.api.wanted import Wanted
from corsmith.project.check import Checked
from corsmith.project.findings import Group
from corsmith.project.origins import named
from corsmith.project.prove import reaches

from . import mock
from .call import Thing
from .case import Cannot, Case, Change, with_wanted
from .repairs import BY_DEPLOYING, candidates
from .rest_methods import headers_for, method_thing, methods_on, unfinished

_MOST_ROUNDS = 200
_UNPROVEN = "what is known to end it would leave other calls worse, or is not certain to end it"


class Step(Struct, frozen=True):
    """A repair that holds. `finding` is what it ends."""

    finding: Finding
    change: Change

    @property
    def deployed(self) -> bool:
        """Whether it takes effect only when the API is deployed: who may invoke a function changes at once."""
        return any(thing.kind != "permission" for thing, _ in self.change.wanted)


class Left(Struct, frozen=True):
    """A finding that stays. `why` is a phrase without a full stop."""

    finding: Finding
    why: str


class Repaired(Struct, frozen=True):
    """A unit with what was repaired. `before` and `after` are the checks of the two."""

    unit: Unit
    before: Checked
    after: Checked
    steps: tuple[Step, ...]
    left: tuple[Left, ...]


def every(finding: Finding) -> bool:
    """Take every finding."""
    del finding
    return True


class _Repairing(Struct):
    unit: Unit
    flags: CallerFlags
    takes: Callable[[Finding], bool]
    now: tuple[Document, Checked]
    need: dict[str, Wanted]
    steps: list[Step] = field(default_factory=list)
    left: dict[object, Left] = field(default_factory=dict)

    def run(self) -> None:
        self._finish_methods()
        for _ in range(_MOST_ROUNDS):
            if not self._step():
                return

    def _step(self) -> bool:
        """Do the first repair that holds; say whether there was one."""
        for group in self.now[1].groups:
            finding = group.finding
            key = _key(finding)
            if finding.severity is Severity.INFO or finding.rule in BY_DEPLOYING or key in self.left:
                continue
            if not self.takes(finding):
                continue
            why: str = ""
            for each in candidates(self._case(group)):
                if isinstance(each, Cannot):
                    why = why or each.why
                elif self._tried(each, group):
                    self.steps.append(Step(finding, each))
                    return True
            self.left[key] = Left(finding, why or _UNPROVEN)
        return False

    def _case(self, group: Group) -> Case:
        document, checked = self.now
        cells = {id(cell) for cell in group.cells}
        blocked = tuple(each for each in checked.blocked if id(each.cell) in cells)
        # Of a front door that is called through a distribution alone, the callers are the distribution's.
        need = self.need.get(group.finding.api) or _together(self.need.values())
        return Case(self.unit, document, need, group, blocked)

    def _tried(self, change: Change, group: Group) -> bool:
        unit, document, checked = self._with(change)
        if not reaches(self.now[1], checked, group):
            return False
        self.unit, self.now = unit, (document, checked)
        return True

    def _with(self, change: Change) -> tuple[Unit, Document, Checked]:
        unit = self.unit
        for thing, wanted in change.wanted:
            unit = with_wanted(unit, thing, wanted)
        document = working_copy(unit)
        return unit, document, checked_of(document, self.flags, self.now[1])

    def _finish_methods(self) -> None:
        """Give OPTIONS methods without an integration what they lack."""
        door = self.unit.door
        if not isinstance(door, RestApiState):
            return
        need = next(iter(self.need.values()), Wanted((), (), (), credentials=False))
        for resource, method in unfinished(door):
            thing = method_thing(door, resource["id"], "OPTIONS")
            headers = headers_for(need, methods_on(door, str(resource.get("path"))))
            finding = _half_made(self.now[1], thing)
            if isinstance(headers, Cannot):
                self.left[_key(finding)] = Left(finding, headers.why)
                continue
            finished = mock.answering(mock.with_mock(method), headers)
            change = Change("Finish a method that has no integration", ((thing, finished),))
            self.unit, document, checked = self._with(change)
            self.now = (document, checked)
            self.steps.append(Step(finding, change))


def repaired(unit: Unit, flags: CallerFlags, takes: Callable[[Finding], bool] = every) -> Repaired:
    """Return the unit with all repairs that hold of findings that count, and what is left and why. Pure."""
    document = working_copy(unit)
    before = checked_of(document, flags)
    work = _Repairing(unit, flags, takes, (document, before), _needs(before, flags))
    work.run()
    return Repaired(work.unit, before, work.now[1], tuple(work.steps), tuple(work.left.values()))


def checked_of(written: Document, flags: CallerFlags, before: Checked | None = None) -> Checked:
    """Return the check of a document; after `before` the callers are the same."""
    return checked_document(written, flags, before=before)


def _needs(checked: Checked, flags: CallerFlags) -> dict[str, Wanted]:
    """Return what pages need of each front door; no origins where nobody said which pages there are."""
    known = bool(flags.origins) or any(named(api) for api in checked.apis)
    found: dict[str, Wanted] = {}
    for (_, door, _), who in checked.plan.items():
        had = found.get(door) or Wanted((), (), (), credentials=False)
        found[door] = Wanted(
            tuple(dict.fromkeys((*had.origins, *(each.origin for each in who if known)))),
            tuple(sorted({*had.methods, *(each.method for each in who)})),
            tuple(sorted({*had.headers, *(name.lower() for each in who for name, _ in each.headers)})),
            had.credentials or any(each.credentials == "include" for each in who),
        )
    return found


def _together(needs: Iterable[Wanted]) -> Wanted:
    """Return what all these need, taken together."""
    all_of = tuple(needs)
    return Wanted(
        tuple(dict.fromkeys(origin for each in all_of for origin in each.origins)),
        tuple(sorted({method for each in all_of for method in each.methods})),
        tuple(sorted({header for each in all_of for header in each.headers})),
        credentials=any(each.credentials for each in all_of),
    )


def _key(finding: Finding) -> object:
    return (finding.rule, finding.api, finding.route, finding.message)


def _half_made(checked: Checked, thing: Thing) -> Finding:
    door = checked.apis[0].front_doors[0]
    return Finding(
        rule="rest-mock-options-broken",
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        category=Category.DEPLOY,
        message=f"{thing.label} has no integration: API Gateway refuses to deploy the API while it is there.",
        front_door=door.kind,
        api=door.name,
    )
