"""CloudFront's policy and behavior as CloudFormation's resources, for templates of SAM too."""

from __future__ import annotations

from lambda_cors import Policy

from . import cloudfront
from .yaml_text import Data, Tagged


def resources(policy: Policy) -> dict[str, Data]:
    """Return the resources. Raises `CannotSay`."""
    cloudfront.check(policy)
    cors: dict[str, Data] = {
        "AccessControlAllowOrigins": {"Items": list(policy.origins)},
        "AccessControlAllowMethods": {"Items": list(cloudfront.allowed_methods(policy))},
        "AccessControlAllowHeaders": {"Items": list(cloudfront.allowed_headers(policy))},
        "AccessControlAllowCredentials": policy.credentials,
    }
    if policy.response_headers:
        cors["AccessControlExposeHeaders"] = {"Items": list(policy.response_headers)}
    if policy.max_age is not None:
        cors["AccessControlMaxAgeSec"] = policy.max_age
    cors["OriginOverride"] = True
    behavior: dict[str, Data] = {
        "TargetOriginId": "api",
        "ViewerProtocolPolicy": "https-only",
        "AllowedMethods": list(cloudfront.BEHAVIOR_METHODS),
        "CachePolicyId": cloudfront.CACHING_DISABLED,
        "OriginRequestPolicyId": cloudfront.ALL_VIEWER_EXCEPT_HOST,
        "ResponseHeadersPolicyId": Tagged("!Ref CorsPolicy"),
    }
    origin: dict[str, Data] = {
        "Id": "api",
        "DomainName": Tagged('!Sub "${Api}.execute-api.${AWS::Region}.amazonaws.com"'),
        "CustomOriginConfig": {"OriginProtocolPolicy": "https-only"},
    }
    return {
        "CorsPolicy": {
            "Type": "AWS::CloudFront::ResponseHeadersPolicy",
            "Properties": {"ResponseHeadersPolicyConfig": {"Name": "cors", "CorsConfig": cors}},
        },
        "Distribution": {
            "Type": "AWS::CloudFront::Distribution",
            "Properties": {
                "DistributionConfig": {"Enabled": True, "Origins": [origin], "DefaultCacheBehavior": behavior}
            },
        },
    }
