"""terraform-aws-modules/lambda/aws: a function, its URL, and who may call it.

Source: the module's documentation, versions 1 to 8.
"""

from __future__ import annotations

from corsmith.api.span import Span
from corsmith.readers.nodes import Mapping, Node, Scalar

from .public_parts import Made, as_block, is_off, is_on
from .terms import attribute, join, listed, mapping

_FUNCTION = "aws_lambda_function.this[0]"
_OUTPUTS = {
    "lambda_function_arn": "arn",
    "lambda_function_arn_static": "arn",
    "lambda_function_invoke_arn": "invoke_arn",
    "lambda_function_name": "function_name",
    "lambda_function_qualified_arn": "qualified_arn",
    "lambda_function_qualified_invoke_arn": "qualified_invoke_arn",
    "this_lambda_function_arn": "arn",
    "this_lambda_function_invoke_arn": "invoke_arn",
    "this_lambda_function_name": "function_name",
}


def output_of(address: str, name: str, span: Span) -> Node:
    """Return an output."""
    return attribute(f"{address}.{_FUNCTION}", _OUTPUTS.get(name, name), span)


def make(made: Made, own: Mapping) -> None:
    """Add what the module makes of its arguments."""
    if is_off(own.get("create")) or is_off(own.get("create_function")) or is_on(own.get("create_layer")):
        return
    variables = own.get("environment_variables")
    environment = mapping(((Scalar("variables", variables.span), variables),), variables.span) if variables else None
    names = ("function_name", "handler", "runtime", "timeout", "layers", "package_type", "image_uri", "s3_key")
    function = made.add(
        "aws_lambda_function",
        "this[0]",
        (
            *((name, own.get(name)) for name in names),
            ("environment", listed((environment,), environment.span) if environment else None),
            ("filename", own.get("local_existing_package")),
            ("source_path", own.get("source_path")),
        ),
    )
    called = attribute(function, "function_name", made.block.header)
    if is_on(own.get("create_lambda_function_url")):
        made.add("aws_lambda_function_url", "this[0]", _function_url(own, called, made))
    _triggers(own.get("allowed_triggers"), made, called)


def _function_url(own: Mapping, called: Node, made: Made) -> list[tuple[str, Node | None]]:
    return [
        ("function_name", called),
        ("authorization_type", own.get("authorization_type") or made.text("NONE")),
        ("invoke_mode", own.get("invoke_mode")),
        ("cors", as_block(own.get("cors"))),
    ]


def _triggers(triggers: Node | None, made: Made, called: Node) -> None:
    for entry in triggers.entries if isinstance(triggers, Mapping) else ():
        trigger = entry.value
        if not isinstance(trigger, Mapping):
            continue
        service = trigger.get("service")
        principal = trigger.get("principal") or join(
            (service or made.text(entry.key.text), made.text(".amazonaws.com")), entry.key.span
        )
        given = (
            ("function_name", called),
            ("action", trigger.get("action") or made.text("lambda:InvokeFunction")),
            ("principal", principal),
            ("source_arn", trigger.get("source_arn")),
        )
        made.add("aws_lambda_permission", f'current_version_triggers["{entry.key.text}"]', given, entry.key.span)
