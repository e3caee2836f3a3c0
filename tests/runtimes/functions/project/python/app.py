"""A function that answers, fails, is late, and sends wrong headers of its own: the path says which."""

import json
import time

from lambda_cors import Policy, cors

POLICY = Policy(
    origins=["https://app.example.com", "https://*.example.org"],
    methods=["GET", "PUT"],
    request_headers=["content-type", "x-trace"],
    response_headers=["x-own"],
    credentials=True,
)


@cors(POLICY, deadline=1)
def handler(event, context):
    path = event.get("rawPath") or event["path"]
    if path.endswith("/fails"):
        raise RuntimeError("boom")
    if path.endswith("/late"):
        time.sleep(10)
    if path.endswith("/wrong"):
        return {"statusCode": 200, "headers": {"access-control-allow-origin": "*", "Vary": "Accept"}, "body": "ok"}
    return {"statusCode": 200, "headers": {"x-own": "1"}, "body": json.dumps({"path": path})}
