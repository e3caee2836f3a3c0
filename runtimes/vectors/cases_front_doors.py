"""The same on each front door."""

from cases_requests import APP, DENIED, DOORS, ERROR, ERROR_BODY, EVIL, OK, allowed, asks, case, event, preflight

for door in DOORS:
    own = {"x-own": "1"}
    multi = door == "alb_multi"
    plain = {"returns": {"statusCode": 200, "multiValueHeaders": {"x-own": ["1"]}, "body": "{}"}} if multi else OK
    case(f"{door}: allowed", event(door, headers={"Origin": APP}), plain, {"status": 200, "headers": allowed(**own)})
    case(
        f"{door}: denied",
        event(door, headers={"Origin": EVIL}),
        plain,
        {"status": 200, "headers": {"vary": "Origin", **own}},
    )
    case(f"{door}: no Origin", event(door), plain, {"status": 200, "headers": {"vary": "Origin", **own}})
    case(f"{door}: preflight", event(door, "OPTIONS", asks()), plain, preflight())
    case(f"{door}: preflight, origin denied", event(door, "OPTIONS", asks(origin=EVIL)), plain, DENIED)
    case(f"{door}: preflight, method denied", event(door, "OPTIONS", asks("DELETE")), plain, DENIED)
    case(f"{door}: preflight, header denied", event(door, "OPTIONS", asks(names="x-evil")), plain, DENIED)
    case(
        f"{door}: OPTIONS that is no preflight",
        event(door, "OPTIONS", {"Origin": APP}),
        plain,
        {"status": 200, "headers": allowed(**own)},
    )
    case(
        f"{door}: exception",
        event(door, headers={"Origin": APP}),
        {"raises": "boom"},
        {"status": 500, "headers": allowed(**ERROR), "body": ERROR_BODY},
    )
    case(
        f"{door}: the handler's own headers are replaced",
        event(door, headers={"Origin": APP}),
        {
            "returns": {
                "statusCode": 200,
                ("multiValueHeaders" if multi else "headers"): {
                    name: [value] if multi else value
                    for name, value in {
                        "access-control-allow-origin": "*",
                        "ACCESS-CONTROL-ALLOW-ORIGIN": EVIL,
                        "Access-Control-Allow-Methods": "TRACE",
                        "Access-control-max-age": "1",
                        "Access-Control-Expose-Headers": "x",
                        "Vary": "Accept-Encoding, origin",
                        "x-own": "1",
                    }.items()
                },
                "body": "",
            }
        },
        {"status": 200, "headers": allowed(**own, vary="Accept-Encoding, origin")},
    )
    case(
        f"{door}: front door owns CORS",
        event(door, headers={"Origin": APP}),
        {
            "returns": {
                "statusCode": 200,
                ("multiValueHeaders" if multi else "headers"): (
                    {"Access-Control-Allow-Origin": ["*"], "x-own": ["1"]}
                    if multi
                    else {"Access-Control-Allow-Origin": "*", "x-own": "1"}
                ),
                "body": "",
            }
        },
        {"status": 200, "headers": own},
        owner="front-door",
    )
    case(
        f"{door}: front door owns CORS, exception",
        event(door, "OPTIONS", asks()),
        {"raises": "boom"},
        {"status": 500, "headers": ERROR, "body": ERROR_BODY},
        owner="front-door",
    )
    case(
        f"{door}: open to all",
        event(door, headers={"Origin": EVIL}),
        plain,
        {"status": 200, "headers": {"access-control-allow-origin": "*", **own}},
        policy="open",
    )
    case(
        f"{door}: open to all, preflight",
        event(door, "OPTIONS", asks("PURGE", "x-a,x-b", EVIL)),
        plain,
        {
            "status": 204,
            "headers": {
                "access-control-allow-origin": "*",
                "access-control-allow-methods": "*",
                "access-control-allow-headers": "*",
                "access-control-max-age": "0",
            },
        },
        policy="open",
    )
    case(
        f"{door}: late",
        event(door, headers={"Origin": APP}),
        {"sleeps": 5, "remaining": 60},
        {"status": 504, "headers": allowed(**ERROR), "body": '{"message":"Endpoint request timed out"}'},
        deadline=0.03,
    )
