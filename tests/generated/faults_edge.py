"""Faults of a distribution in front."""

from __future__ import annotations

from typing import Any

from .fault import Fault, setting
from .plan import (
    CDK,
    CFN,
    HTTP,
    REST,
    SAM,
    TF,
    URL,
    Edge,
)

_EDGE: dict[str, Any] = {
    "dialects": (CFN, CDK, SAM, TF),
    "wants": {"sent": ("x-page",), "authorizer": "", "keyed": False},
}
FAULTS = (
    Fault(
        "cloudfront-options-not-allowed", "GET and HEAD", setting(edge=Edge(methods=False)), (REST, HTTP, URL), **_EDGE
    ),
    Fault(
        "cloudfront-drops-origin-header",
        "nothing is handed on",
        setting(edge=Edge(forwards="nothing")),
        (HTTP, URL),
        **_EDGE,
    ),
    Fault(
        "cloudfront-forwards-host", "the viewer's Host", setting(edge=Edge(forwards="all")), (REST, HTTP, URL), **_EDGE
    ),
    Fault(
        "cloudfront-replaces-errors",
        "a page for 400",
        setting(edge=Edge(error_page=True)),
        (REST,),
        dialects=(CFN, CDK, SAM, TF),
        wants={"method": "PUT", "authorizer": "", "keyed": False},
        severity="warning",
    ),
    Fault(
        "cloudfront-caches-without-origin",
        "kept for others",
        setting(edge=Edge(cached=True, forwards="origin")),
        (HTTP, URL),
        dialects=(CFN, CDK, TF),
        wants={"method": "GET", "sent": (), "authorizer": "", "credentials": False},
        severity="warning",
    ),
)
