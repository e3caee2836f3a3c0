"""What is served: the front doors and functions of a project's templates, and the files they come from."""

from __future__ import annotations

import os

from msgspec import Struct

from corsmith.api.model import Api, FrontDoor
from corsmith.api.tree import Tree
from corsmith.project.discover import ENDINGS, discover
from corsmith.project.disk import Disk
from corsmith.readers import Settings, read
from corsmith.readers.terraform.recognise import is_configuration


class Project(Struct, frozen=True):
    """What the templates under a target deploy. `problems` are sentences for people.

    `files` are those that were read, `folders` those in which templates and modules were looked for.
    """

    apis: tuple[Api, ...]
    files: tuple[str, ...]
    folders: tuple[str, ...]
    problems: tuple[str, ...]

    def front_doors(self, wanted: str | None) -> tuple[tuple[Api, FrontDoor], ...]:
        """Return the front doors, each with its template; only those of that logical id or kind when one is wanted."""
        pairs = ((api, front_door) for api in self.apis for front_door in api.front_doors)
        return tuple(pair for pair in pairs if wanted is None or wanted in (pair[1].name, pair[1].kind))

    def depends_on(self, path: str) -> bool:
        """Say whether a change of `path` may change what is deployed: a new file can be a template, or a part of one."""
        return (
            path.endswith(ENDINGS) or is_configuration(path) or path in {os.path.realpath(each) for each in self.files}
        )


def read_project(target: str, settings: Settings) -> Project:
    """Read every template under `target`. Raises `corsmith.api.tree.Unreadable` when there is nothing."""
    disk = Disk()
    tree = Tree(disk)
    found = discover(tree, target)
    read_in = [(template, read(tree, template, settings)) for template in found.templates]
    apis = tuple(api for _, api in read_in if api is not None)
    problems = [f"{template} is no template of a known kind" for template, api in read_in if api is None]
    problems += [f"{each.by} will refuse to deploy it: {each.message}" for api in apis for each in api.refused]
    problems += [f"{each.file}:{each.line}:{each.column}: {each.message}" for api in apis for each in api.problems]
    return Project(apis, tuple(disk.seen), tuple(folder or "." for folder in disk.listed), tuple(problems))
