"""What is pasted as CORS and is none: policies of the page, the network, extensions."""

from __future__ import annotations

import re

NOT_CORS = (
    (
        (
            r"violates the following Content Security Policy directive|violates the document's Content Security Policy"
            r"|Refused to connect to|Blocked by Content Security Policy|Content-Security-Policy: The page's settings blocked"
        ),
        (
            "Content Security Policy: the page's own connect-src forbids the call. Add the API's origin to connect-src where the "
            "page is served."
        ),
    ),
    (
        (
            r"Mixed Content:|Blocked loading mixed active content|was not allowed to (?:display|run|request) insecure content"
            r"|requested an insecure (?:resource|XMLHttpRequest endpoint)"
        ),
        "mixed content: an https page calls an http address. Call the API by https.",
    ),
    (
        r"ERR_BLOCKED_BY_ORB|Opaque ?Response ?Blocking|blocked by ORB|Cross-Origin Read Blocking|\bCORB\b",
        (
            "opaque response blocking: a script or image element was given JSON or HTML. Fetch data with fetch(), or correct the "
            "Content-Type."
        ),
    ),
    (
        r"ERR_BLOCKED_BY_RESPONSE|Cross-Origin-Resource-Policy header",
        (
            "Cross-Origin-Resource-Policy: the response may not be used by another origin without CORS. Use mode cors, or send "
            "Cross-Origin-Resource-Policy: cross-origin."
        ),
    ),
    (
        r"ERR_BLOCKED_BY_CLIENT|Blocked by content (?:extension|blocker)",
        "a browser extension, such as an ad blocker, stopped the call. Try a private window without extensions.",
    ),
    (
        r"ERR_NAME_NOT_RESOLVED|getaddrinfo|ENOTFOUND",
        "DNS: the host name does not exist. Check the API's id and region.",
    ),
    (
        r"ERR_CERT_\w+|ERR_SSL_\w+|SEC_ERROR_\w+|SSL_ERROR_\w+",
        "TLS: the certificate is not accepted. Check the custom domain and its certificate.",
    ),
    (
        (
            r"ERR_CONNECTION_\w+|ERR_TIMED_OUT|ERR_ADDRESS_UNREACHABLE|ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED"
            r"|ERR_EMPTY_RESPONSE|ERR_HTTP2_\w+|ERR_QUIC_\w+|ECONNREFUSED"
        ),
        "the network: no answer came from the server. Check that it runs and can be reached from the browser's machine.",
    ),
)
"""Pattern, and what it is, in the order of precedence."""

PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), text) for pattern, text in NOT_CORS)
