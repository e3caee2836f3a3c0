"""cloudfront-forwards-host: CloudFront hands its own Host on, under which the origin server is not known."""

from __future__ import annotations

from corsmith.api.finding import Category
from corsmith.api.value import Known

from .blocked import Blocked
from .proposals import forward_all
from .rule import Diagnosis, Rule


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain the 403 of an API or a Function URL that is called under the distribution's name."""
    behavior = blocked.cell.route.behavior
    if behavior is None or blocked.status != 403 or blocked.made_by != "gateway" or blocked.at_the_edge:
        return None
    setting = behavior.forwarded
    if not isinstance(setting, Known) or not any(
        isinstance(item, Known) and item.value == "host" for item in setting.value
    ):
        return None
    return Diagnosis(
        f"Distribution {blocked.cell.route.front_door.name} forwards the viewer's Host to {blocked.front_door.name}, which is "
        "not known under that name and answers 403 without CORS headers. Forward everything but Host: "
        "AllViewerExceptHostHeader.",
        tuple(each for each in (setting.span, behavior.span) if each is not None),
        lambda: forward_all(blocked, behavior),
    )


RULE = Rule(
    "cloudfront-forwards-host",
    Category.BLOCKED,
    "CloudFront hands the viewer's Host header on to an API or a Function URL, which answers 403",
    explain,
)
