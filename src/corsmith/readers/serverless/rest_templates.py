"""What a function behind `integration: lambda` gets: the event that Serverless's request templates make.

The templates here make the same event; they are not Serverless's own text. Source: the guide "REST API (API Gateway
v1)", "Default request templates".
"""

from __future__ import annotations

_PLACES = (
    ("enhancedAuthContext", "$context.authorizer"),
    ("headers", "$input.params().header"),
    ("query", "$input.params().querystring"),
    ("path", "$input.params().path"),
    ("identity", "$context.identity"),
    ("stageVariables", "$stageVariables"),
)


def _pairs(source: str) -> str:
    """The template of an object with the texts of a map."""
    value = '$util.escapeJavaScript($place.get($name)).replaceAll("\\\\\'", "\'")'
    return (
        f"#set($place = {source}){{#foreach($name in $place.keySet())"
        f'"$util.escapeJavaScript($name)": "{value}"#if($foreach.hasNext), #end#end }}'
    )


_EVENT = ",\n  ".join(
    (
        '"method": "$context.httpMethod"',
        '"principalId": "$context.authorizer.principalId"',
        '"stage": "$context.stage"',
        '"cognitoPoolClaims": {"sub": "$context.authorizer.claims.sub"}',
        *(f'"{name}": {_pairs(source)}' for name, source in _PLACES),
        '"requestPath": "$context.resourcePath"',
    )
)

JSON_EVENT = f'{{\n  "body": $input.json("$"),\n  {_EVENT}\n}}'
"""The template for application/json."""

_FIELDS = (
    "#foreach($field in $input.path('$').split('&'))#set($sides = $field.split('='))"
    '"$util.escapeJavaScript($util.urlDecode($sides[0]))": "'
    "#if($sides.size() > 1)"
    '$util.escapeJavaScript($util.urlDecode($sides[1])).replaceAll("\\\\\'", "\'")'
    '#end"#if($foreach.hasNext), #end#end'
)

FORM_EVENT = f'{{\n  "body": {{{_FIELDS} }},\n  {_EVENT}\n}}'
"""The template for application/x-www-form-urlencoded."""
