"""Functions: their URLs and resource policies."""

from __future__ import annotations

import json
from typing import Any

from .refusing import Refusal, conflict, missing

Json = dict[str, Any]
ACCOUNT, REGION = "123456789012", "eu-west-1"
_METHODS = frozenset(("GET", "PUT", "HEAD", "POST", "PATCH", "DELETE", "*"))


def _gone(what: str) -> Refusal:
    return missing(what, "ResourceNotFoundException")


class Functions:
    """The functions of an account."""

    def __init__(self) -> None:
        self.functions: dict[str, Json] = {}
        self.strict = True

    def named(self, given: Json) -> Json:
        name = given["FunctionName"].rpartition(":function:")[2].partition(":")[0]
        if name not in self.functions:
            raise _gone(f"Function not found: {name}")
        return self.functions[name]

    def create_function(self, given: Json) -> Json:
        name = given["FunctionName"]
        arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"
        own = {key: given[key] for key in ("FunctionName", "Runtime", "Handler", "Role") if key in given}
        configuration = {**own, "FunctionArn": arn, "Timeout": 3, "Version": "$LATEST"}
        self.functions[name] = {
            "configuration": configuration,
            "urls": {},
            "policies": {},
            "tags": given.get("Tags") or {},
        }
        return dict(configuration)

    def create_alias(self, given: Json) -> Json:
        return {
            "AliasArn": f"{self.named(given)['configuration']['FunctionArn']}:{given['Name']}",
            "Name": given["Name"],
        }

    def list_functions(self, given: Json) -> Json:
        del given
        return {"Functions": [each["configuration"] for each in self.functions.values()]}

    def get_function(self, given: Json) -> Json:
        own = self.named(given)
        return {"Configuration": own["configuration"], "Tags": own["tags"]}

    def get_function_configuration(self, given: Json) -> Json:
        return dict(self.named(given)["configuration"])

    def list_tags(self, given: Json) -> Json:
        return {"Tags": self.named({"FunctionName": given["Resource"]})["tags"]}

    def create_function_url_config(self, given: Json) -> Json:
        own, qualifier = self.named(given), given.get("Qualifier") or ""
        arn = own["configuration"]["FunctionArn"] + (f":{qualifier}" if qualifier else "")
        self._valid(given.get("Cors") or {})
        url = {
            "FunctionUrl": f"https://{given['FunctionName']}.lambda-url.{REGION}.on.aws/",
            "FunctionArn": arn,
            "AuthType": given["AuthType"],
        }
        own["urls"][qualifier] = {**url, "InvokeMode": "BUFFERED", **_cors(given)}
        return dict(own["urls"][qualifier])

    def list_function_url_configs(self, given: Json) -> Json:
        return {"FunctionUrlConfigs": list(self.named(given)["urls"].values())}

    def _url(self, given: Json) -> Json:
        found = self.named(given)["urls"].get(given.get("Qualifier") or "")
        if found is None:
            raise _gone("The resource you requested does not exist.")
        return found  # type: ignore[no-any-return]

    def get_function_url_config(self, given: Json) -> Json:
        return self._url(given)

    def update_function_url_config(self, given: Json) -> Json:
        url = self._url(given)
        if "Cors" in given:
            self._valid(given["Cors"])
            url.pop("Cors", None)
            url.update(_cors(given))
        return dict(url)

    def _valid(self, cors: Json) -> None:
        methods = cors.get("AllowMethods") or ()
        if self.strict and not set(methods) <= _METHODS:
            raise Refusal(
                "ValidationException", f"Value '{methods}' at 'cors.allowMethods' failed to satisfy constraint", 400
            )
        for origin in cors.get("AllowOrigins") or ():
            if self.strict and "*" in origin and origin not in ("*", "https://*", "http://*"):
                raise Refusal("InvalidParameterValueException", f"{origin} isn't a valid origin", 400)

    def add_permission(self, given: Json) -> Json:
        own, qualifier = self.named(given), given.get("Qualifier") or ""
        statements = own["policies"].setdefault(qualifier, [])
        if any(each["Sid"] == given["StatementId"] for each in statements):
            raise conflict(
                f"The statement id ({given['StatementId']}) provided already exists.", "ResourceConflictException"
            )
        tests: Json = {}
        if "FunctionUrlAuthType" in given:
            tests["StringEquals"] = {"lambda:FunctionUrlAuthType": given["FunctionUrlAuthType"]}
        if given.get("InvokedViaFunctionUrl"):
            tests["Bool"] = {"lambda:InvokedViaFunctionUrl": "true"}
        if "SourceArn" in given:
            tests["ArnLike"] = {"AWS:SourceArn": given["SourceArn"]}
        principal = given["Principal"]
        statement = {
            "Sid": given["StatementId"],
            "Effect": "Allow",
            "Principal": "*" if principal == "*" else {"Service": principal},
            "Action": given["Action"],
            "Resource": own["configuration"]["FunctionArn"] + (f":{qualifier}" if qualifier else ""),
            **({"Condition": tests} if tests else {}),
        }
        statements.append(statement)
        return {"Statement": json.dumps(statement)}

    def get_policy(self, given: Json) -> Json:
        statements = self.named(given)["policies"].get(given.get("Qualifier") or "")
        if not statements:
            raise _gone("The resource you requested does not exist.")
        return {"Policy": json.dumps({"Version": "2012-10-17", "Id": "default", "Statement": statements})}

    def remove_permission(self, given: Json) -> Json:
        statements = self.named(given)["policies"].get(given.get("Qualifier") or "") or []
        found = [each for each in statements if each["Sid"] == given["StatementId"]]
        if not found:
            raise _gone("No policy is associated with the given resource.")
        statements.remove(found[0])
        return {}


def _cors(given: Json) -> Json:
    cors = given.get("Cors")
    if not cors:
        return {}
    lowered = ("AllowHeaders", "ExposeHeaders")
    return {"Cors": {n: [each.lower() for each in v] if n in lowered else v for n, v in cors.items() if v != []}}
