"""The names that browsers treat specially, from the Fetch Standard, and suffixes that strangers share."""

NORMALIZED_METHODS = frozenset(("DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"))
SAFELISTED_METHODS = frozenset(("GET", "HEAD", "POST"))
FORBIDDEN_METHODS = frozenset(("CONNECT", "TRACE", "TRACK"))

FORBIDDEN_REQUEST_HEADERS = frozenset(
    (
        "accept-charset accept-encoding connection content-length cookie cookie2 date dnt expect host keep-alive "
        "origin referer set-cookie te trailer transfer-encoding upgrade via"
    ).split()
)
FORBIDDEN_REQUEST_PREFIXES = ("proxy-", "sec-", "access-control-request-")
FORBIDDEN_RESPONSE_HEADERS = frozenset(("set-cookie", "set-cookie2"))
SAFELISTED_RESPONSE_HEADERS = frozenset(
    "cache-control content-language content-length content-type expires last-modified pragma".split()
)

_ALPHANUMERIC = "0123456789abcdefghijklmnopqrstuvwxyz"
HOST_CHARACTERS = frozenset(_ALPHANUMERIC + "-_.")
SCHEME_CHARACTERS = frozenset(_ALPHANUMERIC + "+-.")
TOKEN_CHARACTERS = frozenset(_ALPHANUMERIC + _ALPHANUMERIC.upper() + "!#$%&'*+-.^_`|~")

# A page on a sub-domain of these may be anybody's. One-label suffixes (`com`) need no list.
# The public suffix list has thousands more; these are where the callers of Lambda functions live.
PUBLIC_SUFFIXES = frozenset(
    (
        "amplifyapp.com cloudfront.net elasticbeanstalk.com awsapprunner.com "
        "github.io gitlab.io vercel.app now.sh netlify.app pages.dev workers.dev web.app firebaseapp.com run.app "
        "appspot.com herokuapp.com azurewebsites.net azurestaticapps.net cloudapp.net onrender.com fly.dev "
        "railway.app surge.sh glitch.me repl.co replit.app deno.dev ngrok.io ngrok.app ngrok-free.app "
        "trycloudflare.com loca.lt lovable.app blogspot.com myshopify.com webflow.io stackblitz.io codesandbox.io "
        "csb.app gitpod.io github.dev githubpreview.dev "
        "co.uk org.uk ac.uk gov.uk com.au net.au org.au co.nz co.jp ne.jp or.jp co.kr co.in co.za com.br com.mx "
        "com.ar com.tr com.cn com.tw com.hk com.sg"
    ).split()
)
# Every name below these is handed out by AWS, whatever the region or service in between.
SHARED_BY_AWS = ("amazonaws.com", "amazonaws.com.cn", "on.aws", "api.aws", "amazoncognito.com")
