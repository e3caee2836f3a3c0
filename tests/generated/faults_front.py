"""Faults of what stands around a front door, whatever its kind: limits, web ACLs, permissions, keys that no tool knows."""

from __future__ import annotations

from .fault import Fault, setting
from .plan import ALB, CDK, CFN, HTTP, OPENAPI, REST, SAM, TF

FAULTS = (
    Fault(
        "template-refused",
        "an unknown key",
        setting(extra=(("CorsPolicy", "open"),)),
        (REST, HTTP),
        dialects=(SAM,),
        line=("CorsPolicy",),
    ),
    Fault(
        "preflight-blocked-in-front",
        "a limit of zero",
        setting(throttled=True),
        (REST, HTTP),
        dialects=(SAM, CFN, CDK, TF),
        wants={"authorizer": "", "keyed": False},
    ),
    Fault(
        "preflight-blocked-in-front",
        "a web ACL",
        setting(guarded=True),
        (REST,),
        dialects=(CFN, CDK, TF),
        wants={"authorizer": "", "keyed": False},
        beside=((ALB, "code"),),
    ),
    Fault(
        "lambda-permission-missing",
        "none",
        setting(permitted=False, gateway_responses=()),
        (REST,),
        dialects=(CFN, CDK, OPENAPI, TF),
        wants={"authorizer": "", "keyed": False},
        beside=((HTTP, "code"), (ALB, "code")),
    ),
)
