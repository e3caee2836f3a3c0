"""What no configuration says: who calls, when, and what stands in the way."""

from __future__ import annotations

from msgspec import Struct

from corsmith.api.model import FrontDoor


class Circumstances(Struct, frozen=True):
    """The situation of one request. The defaults are the normal course.

    `throttled`: a stage, method or account limit is reached. `quota_exceeded`: the API key's usage plan is used up.
    `waf_blocks`: a web ACL refuses the request. `not_permitted`: the front door may not invoke the function, whatever
    the template says. `client_certificate_missing`: mutual TLS is on and the caller shows no certificate.
    `body_invalid`: the body does not fit the validator's model. `api_keys` are the keys that are valid; None: any key
    is. `stage` names the stage that answers, so that the path carries no stage prefix. `deployed` is the definition
    that the stage's deployment holds where it differs from the working copy: it answers. `cached_for` is the Origin ("":
    none) for which a CloudFront cache already holds an answer. `time_ms` is Unix time.
    """

    throttled: bool = False
    quota_exceeded: bool = False
    waf_blocks: bool = False
    not_permitted: bool = False
    client_certificate_missing: bool = False
    body_invalid: bool = False
    api_keys: frozenset[str] | None = None
    stage: str | None = None
    deployed: FrontDoor | None = None
    cached_for: str | None = None
    source_ip: str = "203.0.113.7"
    protocol: str = "HTTP/1.1"
    request_id: str = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"
    time_ms: int = 1_767_225_600_000


NORMAL = Circumstances()
