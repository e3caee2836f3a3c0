"""An HTTP API as a document has it: its routes and settings now, or what a stage without auto-deploy serves."""

from __future__ import annotations

from . import links
from .function_document import Functions, common_variables
from .rest_document import linked
from .snapshot import DomainState, HttpApiState, Json, RestApiState
from .writing import Writer, joined, ref


def name_of(state: HttpApiState, writer: Writer) -> str:
    """Return the logical name of an HTTP API: its name for people, and its id."""
    return writer.named(f"{state.name} ({state.id})")


def write_working_copy(writer: Writer, state: HttpApiState, name: str, functions: Functions) -> None:
    """Write what the API is defined as now, deployed or not."""
    writer.add(
        name, "AWS::ApiGatewayV2::Api", {**_api(state), "CorsConfiguration": _cors(state)}, links.http_api(state)
    )
    authorizers = {
        each["AuthorizerId"]: writer.named(f"authorizer {each.get('Name') or each['AuthorizerId']}")
        for each in state.authorizers
    }
    for each in state.authorizers:
        own = authorizers[each["AuthorizerId"]]
        writer.add(own, "AWS::ApiGatewayV2::Authorizer", _authorizer(each, name, functions), links.http_api(state))
    variables = common_variables(state.stages, "StageVariables")
    integrations = {
        each["IntegrationId"]: writer.named(f"integration {each['IntegrationId']}") for each in state.integrations
    }
    for each in state.integrations:
        properties = {
            "ApiId": ref(name),
            "IntegrationType": each.get("IntegrationType"),
            "IntegrationUri": functions.uri(each.get("IntegrationUri"), variables),
            "IntegrationSubtype": each.get("IntegrationSubtype"),
            "PayloadFormatVersion": each.get("PayloadFormatVersion"),
            "TimeoutInMillis": each.get("TimeoutInMillis"),
            "CredentialsArn": each.get("CredentialsArn"),
        }
        writer.add(
            integrations[each["IntegrationId"]], "AWS::ApiGatewayV2::Integration", properties, links.http_api(state)
        )
    for each in state.routes:
        key = str(each.get("RouteKey"))
        integration = str(each.get("Target") or "").removeprefix("integrations/")
        authorizer = each.get("AuthorizerId")
        properties = {
            "ApiId": ref(name),
            "RouteKey": key,
            "AuthorizationType": each.get("AuthorizationType"),
            "AuthorizerId": ref(authorizers[authorizer]) if authorizer in authorizers else authorizer,
            "Target": joined("integrations/", ref(integrations[integration])) if integration in integrations else None,
        }
        route = links.http_route(state, str(each.get("RouteId")), key)
        writer.add(writer.named(f"route {key}"), "AWS::ApiGatewayV2::Route", properties, route)
    _write_stages(writer, state, name)


def write_deployed(writer: Writer, state: HttpApiState, name: str, functions: Functions, stage: str) -> None:
    """Write what a stage serves: the definition that was exported from it."""
    own = next((each for each in state.stages if each.get("StageName") == stage), {})
    body = linked(state.exports[stage], functions, dict(own.get("StageVariables") or {}))
    writer.add(name, "AWS::ApiGatewayV2::Api", {**_api(state), "Body": body}, links.http_stage(state, stage))
    _write_stages(writer, state, name)


def write_domains(
    writer: Writer, state: RestApiState | HttpApiState, name: str, domains: tuple[DomainState, ...]
) -> None:
    """Write the custom domains that lead to an API."""
    whole = links.rest_api(state) if isinstance(state, RestApiState) else links.http_api(state)
    key = "RestApiId" if isinstance(state, RestApiState) else "ApiId"
    for domain in domains:
        own = writer.named(f"domain {domain.id}")
        tls = domain.domain.get("MutualTlsAuthentication")
        properties = {"DomainName": domain.id, "MutualTlsAuthentication": tls or None}
        writer.add(own, "AWS::ApiGatewayV2::DomainName", properties, whole)
        for mapping in domain.mappings:
            if mapping.get("ApiId") == state.id:
                address = f"https://{domain.id}/{mapping.get('ApiMappingKey') or ''}".rstrip("/")
                if state.api.get("DisableExecuteApiEndpoint") or state.api.get("disableExecuteApiEndpoint"):
                    writer.stages.setdefault(name, {}).setdefault(str(mapping.get("Stage")), address)
                leads = {
                    key: ref(name),
                    "DomainName": ref(own),
                    "ApiMappingKey": mapping.get("ApiMappingKey") or "",
                    "Stage": mapping.get("Stage"),
                }
                mapped = writer.named(f"mapping {domain.id}/{mapping.get('ApiMappingKey') or ''}")
                writer.add(mapped, "AWS::ApiGatewayV2::ApiMapping", leads, whole)


def _api(state: HttpApiState) -> Json:
    disabled = state.api.get("DisableExecuteApiEndpoint")
    return {"Name": state.api.get("Name"), "ProtocolType": "HTTP", "DisableExecuteApiEndpoint": disabled}


def _cors(state: HttpApiState) -> Json | None:
    cors = state.api.get("CorsConfiguration")
    return {key: each for key, each in cors.items() if each not in (None, [])} if cors else None


def _authorizer(each: Json, api: str, functions: Functions) -> Json:
    return {
        "ApiId": ref(api),
        "AuthorizerType": each.get("AuthorizerType"),
        "IdentitySource": each.get("IdentitySource"),
        "JwtConfiguration": each.get("JwtConfiguration"),
        "AuthorizerUri": functions.uri(each.get("AuthorizerUri"), {}),
        "AuthorizerPayloadFormatVersion": each.get("AuthorizerPayloadFormatVersion"),
        "EnableSimpleResponses": each.get("EnableSimpleResponses"),
    }


def _write_stages(writer: Writer, state: HttpApiState, name: str) -> None:
    for stage in state.stages:
        settings = stage.get("DefaultRouteSettings") or {}
        limits = {key: settings[key] for key in ("ThrottlingBurstLimit", "ThrottlingRateLimit") if key in settings}
        properties = {
            "ApiId": ref(name),
            "StageName": stage.get("StageName"),
            # What a stage without auto-deploy serves was exported, and is compared: nothing is left to guess.
            "AutoDeploy": True,
            "DefaultRouteSettings": limits or None,
        }
        own = writer.named(f"stage {stage.get('StageName')}")
        writer.add(own, "AWS::ApiGatewayV2::Stage", properties, links.http_stage(state, str(stage.get("StageName"))))
