"""Policies that are taken, and policies that are refused with these problems, by hand."""

APP = "https://app.example.com"

FINE = {
    "exact": {"origins": [APP]},
    "everything": {
        "origins": [APP, "https://*.example.org", "http://localhost:*"],
        "methods": ["GET", "PUT", "PATCH"],
        "request_headers": ["Content-Type", "authorization"],
        "response_headers": ["etag"],
        "credentials": True,
        "max_age": 600,
    },
    "open": {"origins": ["*"], "methods": ["*"], "request_headers": ["*", "authorization"], "response_headers": ["*"]},
    "open in short": {"origins": "*", "methods": "*", "request_headers": "*", "response_headers": "*"},
    "ordinary entries": {"origins": [APP], "methods": ["GET", "HEAD", "POST"], "request_headers": ["content-type"]},
    "loopback with credentials": {
        "origins": ["http://localhost:3000", "http://127.0.0.1", "http://[::1]:8080", "http://app.localhost"],
        "credentials": True,
    },
    "http without credentials": {"origins": ["http://app.example.com"]},
    "other schemes": {"origins": ["capacitor://localhost", "chrome-extension://abcdefghijklmnop", "s3://localhost"]},
    "any port of sub-domains": {"origins": ["https://*.example.com:*"]},
    "address": {"origins": ["https://192.0.2.7:8443", "https://[2001:db8::1]"]},
    "host that ends like a number": {"origins": ["https://0x7f.example", "https://a.0xg", "https://a.x0"]},
    "punycode": {"origins": ["https://xn--bcher-kva.example"]},
    "max_age 0": {"origins": [APP], "max_age": 0},
    "max_age -1": {"origins": [APP], "max_age": -1},
    "max_age of a day": {"origins": [APP], "max_age": 86400},
    "own sub-domains of a branch preview": {"origins": ["https://*.d1example.amplifyapp.com"]},
    "both PATCH and patch": {"origins": [APP], "methods": ["PATCH", "patch"]},
    "own method": {"origins": [APP], "methods": ["PURGE", "OPTIONS"]},
    "tolerated http": {
        "origins": ["http://app.example.com"],
        "credentials": True,
        "dangerously_tolerate_insecure_origins": True,
    },
    "tolerated suffix": {"origins": ["https://*.vercel.app"], "dangerously_tolerate_public_suffixes": True},
    "the same twice": {"origins": [APP, APP], "request_headers": ["X-A", "x-a"]},
}
o = "origins"
BROKEN = {
    "nobody": ({}, [["origins-empty", o]]),
    "empty list": ({"origins": []}, [["origins-empty", o]]),
    "string for a list": ({"origins": APP}, [["not-a-list", o]]),
    "joined string for a list": ({"origins": [APP], "methods": "GET,PUT"}, [["not-a-list", "methods"]]),
    "number for a list": ({"origins": 7}, [["not-a-list", o]]),
    "star with credentials": ({"origins": ["*"], "credentials": True}, [["wildcard-with-credentials", o]]),
    "star methods with credentials": (
        {"origins": [APP], "methods": ["*"], "credentials": True},
        [["wildcard-with-credentials", "methods"]],
    ),
    "star headers with credentials": (
        {"origins": [APP], "request_headers": ["*"], "response_headers": ["*"], "credentials": True},
        [["wildcard-with-credentials", "request_headers"], ["wildcard-with-credentials", "response_headers"]],
    ),
    "star among others": ({"origins": ["*", APP]}, [["origins-mixed", o]]),
    "trailing slash": ({"origins": [APP + "/"]}, [["origin-trailing-slash", o]]),
    "path": ({"origins": [APP + "/login"]}, [["origin-path", o]]),
    "query": ({"origins": [APP + "?a=b"]}, [["origin-path", o]]),
    "fragment": ({"origins": [APP + "#top"]}, [["origin-path", o]]),
    "no scheme": ({"origins": ["app.example.com"]}, [["origin-scheme-missing", o]]),
    "no scheme, star": ({"origins": ["*.example.com"]}, [["origin-scheme-missing", o]]),
    "no scheme, slashes": ({"origins": ["//app.example.com"]}, [["origin-scheme-missing", o]]),
    "scheme with one slash": ({"origins": ["https:/app.example.com"]}, [["origin-scheme-missing", o]]),
    "default port": ({"origins": [APP + ":443", "http://app.example.com:80"]}, [["origin-default-port", o]] * 2),
    "upper case": ({"origins": ["https://App.example.com"]}, [["origin-upper-case", o]]),
    "upper-case scheme": ({"origins": ["HTTPS://app.example.com"]}, [["origin-upper-case", o]]),
    "IDN": ({"origins": ["https://bücher.example", "https://*.bücher.example"]}, [["origin-idn", o]] * 2),
    "no IDN either": ({"origins": ["https://ü%.example"]}, [["origin-malformed", o]]),
    "null": ({"origins": ["null"]}, [["origin-null", o]]),
    "null with credentials": ({"origins": ["NULL"], "credentials": True}, [["origin-null", o]]),
    "http with credentials": (
        {"origins": ["http://app.example.com", "http://*.example.com:*", "http://192.0.2.1"], "credentials": True},
        [["origin-insecure", o]] * 3,
    ),
    "looks like loopback": (
        {"origins": ["http://localhost.example.com", "http://127.example.com"], "credentials": True},
        [["origin-insecure", o]] * 2,
    ),
    "several in one": ({"origins": [APP + ",https://b.example.com"]}, [["origin-list", o]]),
    "several with blanks": ({"origins": [APP + " https://b.example.com"]}, [["origin-list", o]]),
    "quotes of a REST API": ({"origins": [f"'{APP}'"]}, [["origin-quoted", o]]),
    "blank before": ({"origins": [" " + APP]}, [["origin-quoted", o]]),
    "quoted star": ({"origins": ["'*'"]}, [["origin-quoted", o]]),
    "empty string": ({"origins": [""]}, [["origin-malformed", o]]),
    "not a string": ({"origins": [5, None]}, [["origin-malformed", o]] * 2),
    "user name": ({"origins": ["https://me@app.example.com"]}, [["origin-malformed", o]]),
    "port out of range": (
        {"origins": [APP + ":65536", APP + ":0", APP + ":080", APP + ":", APP + ":x"]},
        [["origin-malformed", o]] * 5,
    ),
    "no host": ({"origins": ["https://", "https://:443", "https:///x"]}, [["origin-malformed", o]] * 3),
    "bad host": (
        {"origins": ["https://a..b", "https://.a", "https://a.", "https://a%20b", "https://a_b.example!", "https://[::1"]},
        [["origin-malformed", o]] * 6,
    ),
    "bad addresses": (
        {"origins": ["https://256.1.1.1", "https://127.1", "https://[::0001]", "https://*.192.0.2.1", "https://1.2.3.04",
                     "https://1.2.3.0x4", "https://a.0x", "https://[::1%25eth0]"]},
        [["origin-malformed", o]] * 8,
    ),
    "label too long": ({"origins": ["https://" + "a" * 64 + ".example"]}, [["origin-malformed", o]]),
    "host too long": ({"origins": ["https://" + "a." * 126 + "aa"]}, [["origin-malformed", o]]),
    "scheme malformed": ({"origins": ["1a://b.example", "ht_tp://b.example"]}, [["origin-malformed", o]] * 2),
    "file": ({"origins": ["file://", "data://x"]}, [["origin-opaque", o]] * 2),
    "wildcards elsewhere": (
        {"origins": ["https://app.*.com", "https://*", "https://*example.com", "https://*.*.com", "https://*:8080"]},
        [["origin-wildcard", o]] * 5,
    ),
    "wildcard scheme": ({"origins": ["*://app.example.com"]}, [["origin-malformed", o]]),
    "public suffixes": (
        {
            "origins": [
                f"https://*.{host}"
                for host in (
                    "com", "co.uk", "amazonaws.com", "execute-api.eu-west-1.amazonaws.com", "cloudfront.net",
                    "amplifyapp.com", "s3.amazonaws.com", "lambda-url.us-east-1.on.aws", "github.io", "vercel.app",
                )
            ]
        },
        [["origin-public-suffix", o]] * 10,
    ),
    "pattern of regular expressions": ({"origins": ["https://.*\\.example\\.com"]}, [["origin-wildcard", o]]),
    "method in small letters": ({"origins": [APP], "methods": ["get", "Put"]}, [["method-case", "methods"]] * 2),
    "patch in small letters": ({"origins": [APP], "methods": ["patch"]}, [["method-case", "methods"]]),
    "forbidden methods": (
        {"origins": [APP], "methods": ["CONNECT", "trace", "TRACK"]},
        [["method-forbidden", "methods"]] * 3,
    ),
    "ANY": ({"origins": [APP], "methods": ["ANY"]}, [["method-any", "methods"]]),
    "methods in one item": ({"origins": [APP], "methods": ["GET,PUT"]}, [["method-list", "methods"]]),
    "no method": ({"origins": [APP], "methods": ["", "P@T", 3]}, [["method-malformed", "methods"]] * 3),
    "headers in one item": (
        {"origins": [APP], "request_headers": ["content-type, authorization"], "response_headers": ["a b"]},
        [["request-header-list", "request_headers"], ["response-header-list", "response_headers"]],
    ),
    "no header": (
        {"origins": [APP], "request_headers": ["x:y", ""], "response_headers": ["é"]},
        [["request-header-malformed", "request_headers"]] * 2 + [["response-header-malformed", "response_headers"]],
    ),
    "forbidden request headers": (
        {"origins": [APP], "request_headers": ["Cookie", "host", "Sec-Fetch-Mode", "proxy-x", "Origin"]},
        [["request-header-forbidden", "request_headers"]] * 5,
    ),
    "response headers as request headers": (
        {"origins": [APP], "request_headers": ["Access-Control-Allow-Origin", "access-control-request-method"]},
        [["request-header-forbidden", "request_headers"]] * 2,
    ),
    "forbidden response headers": (
        {"origins": [APP], "response_headers": ["Set-Cookie", "set-cookie2", "Access-Control-Allow-Origin"]},
        [["response-header-forbidden", "response_headers"]] * 3,
    ),
    "safelisted response headers": (
        {"origins": [APP], "response_headers": ["Content-Type", "pragma"]},
        [["response-header-safelisted", "response_headers"]] * 2,
    ),
    "max_age too long": ({"origins": [APP], "max_age": 86401}, [["max-age", "max_age"]]),
    "max_age negative": ({"origins": [APP], "max_age": -2}, [["max-age", "max_age"]]),
    "max_age as text": ({"origins": [APP], "max_age": "600"}, [["max-age", "max_age"]]),
    "max_age as bool": ({"origins": [APP], "max_age": True}, [["max-age", "max_age"]]),
    "credentials as text": ({"origins": [APP], "credentials": "true"}, [["not-a-bool", "credentials"]]),
    "all at once": (
        {
            "origins": ["HTTPS://App.Example.com:443/", "null"],
            "methods": ["get"],
            "request_headers": ["cookie"],
            "response_headers": ["content-type"],
            "max_age": 999_999,
        },
        [
            ["origin-trailing-slash", o], ["origin-upper-case", o], ["origin-default-port", o], ["origin-null", o],
            ["method-case", "methods"], ["request-header-forbidden", "request_headers"],
            ["response-header-safelisted", "response_headers"], ["max-age", "max_age"],
        ],
    ),
}  # fmt: skip
