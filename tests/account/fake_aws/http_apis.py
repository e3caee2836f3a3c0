"""HTTP APIs: settings, routes, deployments and stages. CORS settings are replaced whole, and their names kept in lower case."""

from __future__ import annotations

import copy

from .apis import Apis, Json
from .export import http_export
from .refusing import bad, conflict, missing

_ROUTE = ("RouteKey", "Target", "AuthorizationType", "AuthorizerId", "AuthorizationScopes", "ApiKeyRequired")


class HttpApis(Apis):
    """The HTTP APIs of an account."""

    names = ("ApiId", "DeploymentId", "StageName")

    def create_api(self, given: Json) -> Json:
        id_ = self.id("http")
        own = {key: given[key] for key in ("Name", "ProtocolType", "Tags") if key in given}
        self.apis[id_] = {
            "api": {"ApiId": id_, **own},
            "routes": {},
            "integrations": {},
            "authorizers": {},
            "stages": {},
            "deployments": {},
        }
        if given.get("CorsConfiguration"):
            self._cors(self.apis[id_], given["CorsConfiguration"])
        return dict(self.apis[id_]["api"])

    def _cors(self, api: Json, cors: Json) -> None:
        if self.strict and cors.get("AllowCredentials") and "*" in (cors.get("AllowOrigins") or ()):
            raise bad("allow-credentials is not supported if 'allow-origin' is *")
        lowered = ("AllowHeaders", "ExposeHeaders")
        api["api"]["CorsConfiguration"] = {
            name: [each.lower() for each in value] if name in lowered else value
            for name, value in cors.items()
            if value != []
        }

    def get_apis(self, given: Json) -> Json:
        del given
        return {"Items": [each["api"] for each in self.apis.values()]}

    def get_api(self, given: Json) -> Json:
        return dict(self.api(given)["api"])

    def update_api(self, given: Json) -> Json:
        api = self.api(given)
        if "CorsConfiguration" in given:
            self._cors(api, given["CorsConfiguration"])
        self._released(api)
        return dict(api["api"])

    def delete_cors_configuration(self, given: Json) -> Json:
        self.api(given)["api"].pop("CorsConfiguration", None)
        self._released(self.api(given))
        return {}

    def create_integration(self, given: Json) -> Json:
        id_ = self.id("int")
        own = {"IntegrationId": id_, **{key: each for key, each in given.items() if key != "ApiId"}}
        self.api(given)["integrations"][id_] = own
        return dict(own)

    def get_integrations(self, given: Json) -> Json:
        return {"Items": list(self.api(given)["integrations"].values())}

    def create_authorizer(self, given: Json) -> Json:
        id_ = self.id("auth")
        own = {"AuthorizerId": id_, **{key: each for key, each in given.items() if key != "ApiId"}}
        self.api(given)["authorizers"][id_] = own
        return dict(own)

    def get_authorizers(self, given: Json) -> Json:
        return {"Items": list(self.api(given)["authorizers"].values())}

    def create_route(self, given: Json) -> Json:
        api = self.api(given)
        self._unused(api, given["RouteKey"], "")
        id_ = self.id("route")
        own = {
            "AuthorizationType": "NONE",
            "ApiKeyRequired": False,
            **{name: given[name] for name in _ROUTE if name in given},
        }
        api["routes"][id_] = {"RouteId": id_, **own}
        self._released(api)
        return dict(api["routes"][id_])

    def _unused(self, api: Json, key: str, but: str) -> None:
        if any(each["RouteKey"] == key and each["RouteId"] != but for each in api["routes"].values()):
            raise conflict(f"Route with key {key} already exists for this API")

    def get_routes(self, given: Json) -> Json:
        """Return five routes a page."""
        routes = list(self.api(given)["routes"].values())
        start = int(given.get("NextToken") or 0)
        more = {"NextToken": str(start + 5)} if len(routes) > start + 5 else {}
        return {"Items": routes[start : start + 5], **more}

    def get_route(self, given: Json) -> Json:
        found = self.api(given)["routes"].get(given["RouteId"])
        if found is None:
            raise missing("Invalid Route identifier specified")
        return dict(found)

    def update_route(self, given: Json) -> Json:
        self.get_route(given)
        api = self.api(given)
        now = {**api["routes"][given["RouteId"]], **{name: given[name] for name in _ROUTE if name in given}}
        self._unused(api, now["RouteKey"], given["RouteId"])
        if now["AuthorizationType"] == "JWT" and now.get("AuthorizerId") not in api["authorizers"]:
            raise bad("Invalid authorizer")
        if now["AuthorizationType"] == "NONE":
            now.pop("AuthorizerId", None)
        api["routes"][given["RouteId"]] = now
        self._released(api)
        return dict(now)

    def delete_route(self, given: Json) -> Json:
        self.get_route(given)
        del self.api(given)["routes"][given["RouteId"]]
        self._released(self.api(given))
        return {}

    def _released(self, api: Json) -> None:
        for stage in api["stages"].values():
            if stage.get("AutoDeploy"):
                stage["DeploymentId"] = self._deploy(api, "Automatic deployment")

    def _deploy(self, api: Json, description: str | None) -> str:
        id_ = self.id("dep")
        snapshot = copy.deepcopy({key: api[key] for key in ("api", "routes", "integrations", "authorizers")})
        api["deployments"][id_] = {"DeploymentId": id_, "Description": description, "snapshot": snapshot}
        return id_

    def create_stage(self, given: Json) -> Json:
        api = self.api(given)
        own = {key: given[key] for key in ("StageName", "AutoDeploy", "DeploymentId") if key in given}
        api["stages"][given["StageName"]] = {"AutoDeploy": False, **own}
        self._released(api)
        return dict(api["stages"][given["StageName"]])

    def get_stages(self, given: Json) -> Json:
        return {"Items": list(self.api(given)["stages"].values())}

    def update_stage(self, given: Json) -> Json:
        self.get_stage(given)
        if given.get("DeploymentId") not in self.api(given)["deployments"]:
            raise bad("Deployment id does not exist")
        self.api(given)["stages"][given["StageName"]]["DeploymentId"] = given["DeploymentId"]
        return self.get_stage(given)

    def create_deployment(self, given: Json) -> Json:
        api = self.api(given)
        id_ = self._deploy(api, given.get("Description"))
        if given.get("StageName"):
            stage = api["stages"].get(given["StageName"])
            if stage is None:
                raise missing("Invalid stage identifier specified")
            if stage["AutoDeploy"]:
                raise bad("Deployment cannot be created for a stage with auto-deploy")
            stage["DeploymentId"] = id_
        return {"DeploymentId": id_, "Description": given.get("Description")}

    def get_deployment(self, given: Json) -> Json:
        return {key: each for key, each in self.deployment(given).items() if key != "snapshot"}

    def export_api(self, given: Json) -> Json:
        stage = self.get_stage(given)
        return http_export(self.api(given)["deployments"][stage["DeploymentId"]]["snapshot"])

    def get_domain_names(self, given: Json) -> Json:
        del given
        return {"Items": []}
