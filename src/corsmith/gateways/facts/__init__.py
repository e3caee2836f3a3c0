"""What is known of each front door, as rows: the conformance tests and the documentation are made from them."""

from .alb import ALB
from .cloudfront import CLOUDFRONT
from .fact import Fact
from .function_url import FUNCTION_URL
from .http_api import HTTP_API
from .rest_api import REST_API

FACTS: dict[str, tuple[Fact, ...]] = {
    "HTTP API": HTTP_API,
    "REST API": REST_API,
    "Function URL": FUNCTION_URL,
    "Application Load Balancer": ALB,
    "CloudFront": CLOUDFRONT,
}
"""Front door to its facts."""

__all__ = ["FACTS", "Fact"]
