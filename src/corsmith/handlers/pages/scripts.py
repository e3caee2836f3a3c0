"""The scripts of a project: which files a browser may run, and the script parts of HTML, Vue and Svelte files."""

from __future__ import annotations

import re
from posixpath import basename

from ..javascript.source import Source, parse

ENDINGS = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx")
_MARKUP = (".html", ".htm", ".vue", ".svelte", ".astro")
_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
_TYPESCRIPT = re.compile(r"""\blang\s*=\s*["']?tsx?\b""", re.IGNORECASE)
_OTHER_KIND = re.compile(
    r"""\btype\s*=\s*["'](?!module|text/javascript|application/javascript|text/babel|text/jsx)""", re.IGNORECASE
)
_LARGEST = 400_000
_LONGEST_LINE = 20_000
_NO_PAGE = re.compile(
    r"(^|/)(tests?|__tests__|__mocks__|spec|e2e|cypress|playwright|integration|benchmarks?|mocks?|scripts|k6|postman)(/|$)"
    r"|(^|/)pages/api/|(^|/)app/(.*/)?route\.[cm]?[jt]s$|(^|/)middleware\.[cm]?[jt]s$"
    r"|[.\-_](test|spec|stories|e2e|cy|config)\.[cm]?[jt]sx?$|\.d\.[cm]?ts$|\.min\.[cm]?js$",
    re.IGNORECASE,
)
_OF_NODE = re.compile(
    r"""^#!.*\bnode\b|\bfrom\s+["'](node:|aws-sdk|aws-cdk|fs["']|path["']|http["']|https["'])"""
    r"""|\brequire\(\s*["'](node:|aws-sdk|aws-cdk|fs["']|path["']|http["']|https["']|child_process)"""
    r"""|\bfrom\s+["'](express|fastify|koa|@nestjs/core|next/server)["']|\brequire\(\s*["'](express|fastify|koa)["']"""
    r"""|^["']use server["']"""
    r"""|\bexports\.\w*[hH]andler\s*=|\bexport\s+(async\s+function|const|function)\s+(lambda)?[hH]andler\b""",
    re.MULTILINE,
)
_CALLS = re.compile(
    r"\bfetch\b|\baxios\b|XMLHttpRequest|\.ajax\b|\bky\b|superagent|\bofetch\b|\$http\b|HttpClient|aws-amplify|"
    r"openapi-fetch|getJSON|[rR]equest\b"
)


def is_candidate(path: str) -> bool:
    """Say whether a browser may run the code in the file of this name."""
    return path.endswith((*ENDINGS, *_MARKUP)) and _NO_PAGE.search(path) is None and not basename(path).startswith(".")


def may_call(text: str) -> bool:
    """Say whether a page's file may make calls: it names something that does, and is none of Node's or of a bundler."""
    if len(text) > _LARGEST or _CALLS.search(text) is None or _OF_NODE.search(text) is not None:
        return False
    return len(text) < _LONGEST_LINE or max(map(len, text.split("\n"))) < _LONGEST_LINE


def script_of(path: str, text: str) -> Source | None:
    """Return the parsed script of a file; the markup around it is blank. None where there is none."""
    if not path.endswith(_MARKUP):
        return parse(path, text)
    kept: list[str] = []
    at, typed = 0, path.endswith(".astro")
    blocks = _SCRIPT.finditer(text)
    for block in blocks:
        if _OTHER_KIND.search(block[1]):
            continue
        typed = typed or _TYPESCRIPT.search(block[1]) is not None
        kept += (_blank(text[at : block.start(2)]), block[2])
        at = block.end(2)
    if not kept:
        return None
    source = parse(path + (".tsx" if typed else ".js"), "".join(kept) + _blank(text[at:]))
    # A copy, so that spans name the file that the script stands in.
    return Source(path, source.text, source.data, source.tree, source.problems)


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
