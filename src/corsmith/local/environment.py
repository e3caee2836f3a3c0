"""The environment of a function's process: what Lambda gives, what the template sets, and nothing of the developer's.

A variable that happens to be set in the developer's shell would hide that the template forgot it; the developer's
credentials would let a test reach the real account.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from corsmith.api.function import Function
from corsmith.api.value import Known

PASSED = frozenset(
    {
        "ALL_PROXY",
        "CURL_CA_BUNDLE",
        "HOME",
        "HTTPS_PROXY",
        "HTTP_PROXY",
        "LD_LIBRARY_PATH",
        "NO_PROXY",
        "NODE_EXTRA_CA_CERTS",
        "PATH",
        "REQUESTS_CA_BUNDLE",
        "SSL_CERT_DIR",
        "SSL_CERT_FILE",
        "TEMP",
        "TMP",
        "TMPDIR",
    }
)
"""What a program needs to run at all and to reach the network; compared in upper case."""

CREDENTIALS = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_PROFILE",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_ARN",
    "AWS_ENDPOINT_URL",
)
"""What the developer's own calls to AWS go by; passed on only when asked."""

FAKE = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7LOCALXX",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_SESSION_TOKEN": "local",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


def lambda_environment(
    function: Function, root: str, outer: Mapping[str, str], *, real_credentials: bool = False
) -> dict[str, str]:
    """Return the variables of a process that runs `function` from the folder `root`.

    `outer` is the environment corsmith runs in. Values that are not known are left out (`unknown_variables`).
    """
    runtime = function.runtime.value if isinstance(function.runtime, Known) else ""
    region = outer.get("AWS_REGION") or outer.get("AWS_DEFAULT_REGION") or "us-east-1"
    found = {name: value for name, value in outer.items() if name.upper() in PASSED}
    found |= {
        "AWS_DEFAULT_REGION": region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{runtime}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_REGION": region,
        "AWS_SAM_LOCAL": "true",
        "LAMBDA_RUNTIME_DIR": root,
        "LAMBDA_TASK_ROOT": root,
        "LANG": "en_US.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONIOENCODING": "utf-8",
        "TZ": ":UTC",
        "_HANDLER": function.handler.value if isinstance(function.handler, Known) else "",
    }
    found |= {name: outer[name] for name in CREDENTIALS if name in outer} if real_credentials else FAKE
    known = ((name, value.value) for name, value in function.environment if isinstance(value, Known))
    return found | {name: _text(value) for name, value in known}


def unknown_variables(function: Function) -> tuple[tuple[str, str], ...]:
    """Return the variables whose value cannot be read, each with the reason."""
    return tuple((name, value.because) for name, value in function.environment if not isinstance(value, Known))


def _text(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
