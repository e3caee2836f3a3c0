"""What REST APIs and HTTP APIs have in common: an id each, stages, and deployments that stages serve."""

from __future__ import annotations

from typing import Any

from .refusing import bad, missing

Json = dict[str, Any]


class Apis:
    """APIs of one kind. `names`: what that kind calls the ids of an API and of a deployment, and a stage's name.

    `strict` False: takes what AWS refuses, to build what AWS would not let one build.
    """

    names: tuple[str, str, str]

    def __init__(self) -> None:
        self.apis: dict[str, Json] = {}
        self.strict = True
        self._made = 0

    def id(self, prefix: str) -> str:
        self._made += 1
        return f"{prefix}{self._made:06d}"

    def api(self, given: Json) -> Json:
        id_ = given[self.names[0]]
        if id_ not in self.apis:
            raise missing(f"Invalid API identifier specified {id_}")
        return self.apis[id_]

    def deployment(self, given: Json) -> Json:
        found: Json | None = self.api(given)["deployments"].get(given[self.names[1]])
        if found is None:
            raise missing("Invalid Deployment identifier specified")
        return found

    def delete_deployment(self, given: Json) -> Json:
        self.deployment(given)
        api, key = self.api(given), self.names[1]
        if any(each.get(key) == given[key] for each in api["stages"].values()):
            raise bad("Active stages pointing to this deployment must be moved or deleted")
        del api["deployments"][given[key]]
        return {}

    def get_stage(self, given: Json) -> Json:
        found = self.api(given)["stages"].get(given[self.names[2]])
        if found is None:
            raise missing("Invalid stage identifier specified")
        return dict(found)
