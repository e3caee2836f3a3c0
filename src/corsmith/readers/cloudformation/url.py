"""AWS::Lambda::Url and its two permissions.

Source: the Lambda developer guide, "Control access to Lambda function URLs".
"""

from __future__ import annotations

from corsmith.api.function_url import FunctionUrl, FunctionUrlCors
from corsmith.api.value import Known, Unknown, Value
from corsmith.readers.nodes import Mapping, Node
from corsmith.readers.reading import Reading
from corsmith.readers.template import Resource


def function_url(reading: Reading, resource: Resource) -> FunctionUrl:
    """Return the Function URL of an AWS::Lambda::Url.

    A permission that is written has its span; one that is missing while the other is there is False; where the template
    says nothing of either, both are True without a span: its tool may add them. An account that has neither lacks both.
    """
    own = resource.properties
    function = reading.function(own.get("TargetFunctionArn"))
    auth = reading.text(own.get("AuthType")) or Unknown("AuthType is not set", resource.span)
    may_url, may = permissions(reading, function.value) if isinstance(function, Known) else (Known(True), Known(True))
    return FunctionUrl(
        resource.name,
        resource.span,
        function,
        auth,
        reading.text(own.get("InvokeMode")) or Known("BUFFERED"),
        cors_of(reading, own.get("Cors")),
        may_url,
        may,
    )


def cors_of(reading: Reading, node: Node | None) -> Value[FunctionUrlCors | None]:
    """Return the Cors settings under `node`."""
    return reading.built(node, lambda own, span: cors_from(reading, own))


def cors_from(reading: Reading, own: object) -> FunctionUrlCors | None:
    """Return the settings of a Cors mapping, None where it is none or empty."""
    if not isinstance(own, Mapping) or not own.entries:
        return None
    return FunctionUrlCors(
        own.span,
        reading.texts(own.get("AllowOrigins")),
        reading.texts(own.get("AllowMethods")),
        reading.texts(own.get("AllowHeaders")),
        reading.texts(own.get("ExposeHeaders")),
        reading.number(own.get("MaxAge")),
        reading.switch(own.get("AllowCredentials")),
    )


def permissions(reading: Reading, function: str) -> tuple[Value[bool], Value[bool]]:
    """Return the permissions of a function's URL that the template writes: InvokeFunctionUrl and InvokeFunction."""
    url: Value[bool] | None = None
    invoke: Value[bool] | None = None
    for resource in reading.of_type("AWS::Lambda::Permission"):
        own = resource.properties
        target = reading.function(own.get("FunctionName"))
        action = reading.text(own.get("Action"))
        if not isinstance(action, Known) or not isinstance(target, Known) or target.value != function:
            continue
        if action.value in ("lambda:InvokeFunctionUrl", "lambda:*"):
            url = Known(True, resource.span)
        if action.value in ("lambda:InvokeFunction", "lambda:*") and (
            reading.is_on(own.get("InvokedViaFunctionUrl")) or reading.symbolic(own.get("Principal")) == "*"
        ):
            invoke = Known(True, resource.span)
    if url is None and invoke is None:
        silent = Known(not reading.template.is_account)
        return silent, silent
    written = url or invoke
    missing = Known(False, written.span if written is not None else None)
    return url or missing, invoke or missing
