"""Projects by number: the number says which dialect, front door, language and fault, and seeds the rest."""

from __future__ import annotations

import random
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from . import (
    code_frameworks,
    faults_code,
    faults_edge,
    faults_front,
    faults_lists,
    faults_origins,
    faults_rest,
    faults_shapes,
    write,
)
from .draw import arguments, derives, plan
from .fault import Fault
from .places import PLACES
from .plan import DOORS, HTTP, LANGUAGES, PYTHON, REST, URL, Plan, Project

FAULTS: tuple[Fault, ...] = tuple(
    fault
    for of in (faults_front, faults_rest, faults_lists, faults_code, faults_shapes, faults_origins, faults_edge)
    for fault in of.FAULTS
)


class Kind(Struct, frozen=True):
    """What a project is to be like; `fault` None: correct."""

    dialect: str
    door: str
    language: str
    owner: str
    fault: Fault | None
    framework: str = ""


@cache
def kinds() -> tuple[Kind, ...]:
    """Return every kind of project there is, each fault in each dialect, front door and language."""
    found: list[Kind] = []
    for dialect, doors in DOORS.items():
        for door in doors:
            for language in LANGUAGES:
                for owner in _owners(dialect, door):
                    found.append(Kind(dialect, door, language, owner, None))
                    found += (
                        Kind(dialect, door, language, owner, fault)
                        for fault in FAULTS
                        if fault.fits(door, owner) and dialect in fault.dialects and language in fault.languages
                    )
                if "code" in _owners(dialect, door) and door in (REST, HTTP, URL):
                    names = code_frameworks.FRAMEWORKS[PYTHON if language == PYTHON else "node"]
                    found += (Kind(dialect, door, language, "code", None, name) for name in names)
    return tuple(found)


def _owners(dialect: str, door: str) -> tuple[str, ...]:
    if door == "alb":
        return ("code",)
    del dialect
    return ("door", "code")


def project(seed: int) -> Project:
    """Return project number `seed`."""
    listed = kinds()
    return of_kind(listed[seed % len(listed)], seed)


def of_kind(kind: Kind, seed: int) -> Project:
    """Return a project of that kind."""
    dice = random.Random(seed)
    fault = kind.fault
    wants = dict(fault.wants) if fault is not None else {}
    correct = plan(dice, kind.dialect, kind.door, kind.language, kind.owner, **wants)
    if kind.framework:
        settings = code_frameworks.settings(correct, kind.framework)
        correct = replace(correct, code=replace(correct.code, framework=kind.framework, settings=settings))
    made = fault.plant(correct, dice) if fault is not None else correct
    flags = arguments(correct)
    if (fault is None and derives(correct) and dice.random() < 0.5) or (fault is not None and not fault.explicit):
        flags = ()
    if kind.framework:
        flags = (*flags, "--path", code_frameworks.route(correct))
    return Project(
        seed,
        write.files(made, seed),
        made,
        flags,
        fault.rule if fault is not None else None,
        fault.severity if fault is not None else "error",
        _lines(fault, correct) if fault is not None else (),
    )


def _lines(fault: Fault, correct: Plan) -> tuple[str, ...]:
    return tuple(
        each.replace("{origin}", correct.origin).replace("{method}", correct.method)
        for each in fault.line or PLACES[fault.rule]
    )
