"""The tool server for agents, by the Model Context Protocol.

Everything is read-only unless `Allowed.write` says otherwise, files outside of the folder that was opened are refused, and
calls go to public addresses only unless `Allowed.private` says otherwise: what asks here may have been talked into it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mcp.server import MCPServer
from mcp.types import ToolAnnotations
from msgspec import Struct

from corsmith import __version__
from corsmith.api.caller import Caller, CallerFlags
from corsmith.api.exchange import Headers
from corsmith.api.finding import Finding
from corsmith.api.model import Problem
from corsmith.api.report import Report
from corsmith.api.tree import Memory, Tree, Unreadable
from corsmith.browser import BadCase, simulate
from corsmith.explain import explain
from corsmith.live.check import Sending, check
from corsmith.live.dial import Dialer, Dials
from corsmith.live.public import PublicDialer
from corsmith.live.secrets import masked_text
from corsmith.project import disk
from corsmith.project.check import check as check_project
from corsmith.project.choose import Choice
from corsmith.project.disk import Disk
from corsmith.project.ignores import is_set_aside
from corsmith.project.origins import named
from corsmith.project.repair import repair
from corsmith.project.settings_file import Misconfigured, configuration_for
from corsmith.report.diff import difference
from corsmith.report.json import as_dict
from corsmith.report.pages import page
from corsmith.report.saying import explained_as_json, verdict_as_json
from corsmith.rules import CATALOGUE

from .folder import Outside, question_for, reported, within

INSTRUCTIONS = (
    "corsmith finds out why a browser will not let a page read an AWS Lambda API. Check a folder or template first; its "
    "findings carry proven fixes. Use explain for a console message, check_url for a deployed API, fix to see the diff."
)


class Allowed(Struct, frozen=True):
    """What the person who started the server allows. `root` is the folder that may be read."""

    root: Path
    write: bool = False
    private: bool = False

    @property
    def dials(self) -> Dials:
        """What connects to servers."""
        return Dialer() if self.private else PublicDialer()


def flags(
    origins: list[str] | None,
    methods: list[str] | None,
    headers: dict[str, str] | None,
    credentials: bool | None,  # noqa: FBT001
) -> CallerFlags:
    """Return what a tool's arguments say of the caller."""
    return CallerFlags(
        tuple(origins or ()), tuple(methods or ()), tuple(headers.items()) if headers else None, credentials
    )


def server(allowed: Allowed) -> MCPServer:
    """Return the server with its tools."""
    made = MCPServer("corsmith", version=__version__, instructions=INSTRUCTIONS)
    looks = ToolAnnotations(read_only_hint=True, open_world_hint=False)

    @made.tool(name="check", annotations=looks)
    def check_folder(
        path: str = ".",
        origins: list[str] | None = None,
        methods: list[str] | None = None,
        headers: dict[str, str] | None = None,
        credentials: bool | None = None,  # noqa: FBT001
    ) -> dict[str, Any]:
        """Check a folder or template: what a browser will block and why, at the line to edit, with proven fixes.

        Without origins, methods, headers and credentials the project is checked for the calls it is made for.
        """
        try:
            return as_dict(reported(within(allowed.root, path), flags(origins, methods, headers, credentials)))
        except (Outside, Misconfigured) as error:
            return {"error": str(error)}

    @made.tool(annotations=ToolAnnotations(read_only_hint=True, open_world_hint=True))
    async def check_url(
        url: str,
        origin: str = "https://app.example.com",
        method: str = "GET",
        headers: dict[str, str] | None = None,
        credentials: bool = False,  # noqa: FBT001, FBT002
    ) -> dict[str, Any]:
        """Call a deployed API as a page's browser would and judge the answer. Only GET, HEAD, OPTIONS and preflights are sent."""
        pairs: Headers = tuple((headers or {}).items())
        caller = Caller(origin, method, pairs, "include" if credentials else "same-origin")
        try:
            told = await check(url, caller, Sending(timeout=10.0, dialer=allowed.dials))
        except ValueError as error:
            return {"error": str(error)}
        problems = tuple(Problem(url, 1, 1, each) for each in told.problems)
        return as_dict(Report(Tree(Memory({})), findings=told.findings, problems=problems, calls=(told.call,)))

    @made.tool(
        annotations=ToolAnnotations(read_only_hint=not allowed.write, destructive_hint=False, open_world_hint=False)
    )
    def fix(
        path: str = ".",
        origins: list[str] | None = None,
        unsafe: bool = False,  # noqa: FBT001, FBT002
        write: bool = False,  # noqa: FBT001, FBT002
    ) -> dict[str, Any]:
        """Show, as a diff, the changes that let the project's calls through; each was proven. write=True applies them.

        origins are those of the pages that call; without them those that the project declares. unsafe adds fixes that need
        thought, such as narrowing a wildcard. What comments and settings set aside is left alone.
        """
        if write and not allowed.write:
            return {"error": "this server was started read-only; `corsmith mcp --write` lets it write"}
        try:
            target = within(allowed.root, path)
            configuration = configuration_for(target)
            question = question_for(target, flags(origins, None, None, None), configuration)
        except (Outside, Misconfigured) as error:
            return {"error": str(error)}
        before = check_project(Tree(Disk()), question)
        if before.groups and not question.flags.origins and not any(named(api) for api in before.apis):
            # What would be written is a stand-in, which nobody's pages have.
            return {"error": "no origin of a page is declared anywhere: name it in origins, as https://app.example.com"}
        choice = Choice(
            configuration.select,
            configuration.ignore,
            folder=configuration.folder,
            per_path=configuration.per_path_ignores,
        )

        def skips(tree: Tree, finding: Finding) -> bool:
            return not choice.takes(finding) or bool(choice.set_aside_by(finding)) or is_set_aside(tree, finding)

        result = repair(question, before, lambda _, fix: fix.safe or unsafe, skips)
        changed = sorted(result.changed().items())
        failed = [] if not write else _written(changed)
        left = (each.finding for each in result.after.groups if not skips(result.after.tree, each.finding))
        return {
            "diff": "".join(difference(name, old, new) for name, (old, new) in changed),
            "fixed": [{"rule": finding.rule, "route": finding.route, "fix": fix.title} for finding, fix in result.done],
            "left": [{"rule": each.rule, "message": each.message} for each in left],
            "written": write and not failed,
            "problems": [*(f"{each.file}:{each.line}: {each.message}" for each in before.problems), *failed],
        }

    @made.tool(name="explain", annotations=looks)
    def explain_text(text: str, status: int | None = None) -> dict[str, Any]:
        """Explain console messages of Chrome, Firefox or Safari, or a symptom in words such as "OPTIONS returns 403"."""
        return {"messages": [explained_as_json(each) for each in explain(masked_text(text), status)]}

    @made.tool(name="simulate", annotations=looks)
    def simulate_case(case: dict[str, Any], browser: str = "model") -> dict[str, Any]:
        """Judge a request and its responses given by hand: {"origin", "request", "preflight", "response"}; nothing is sent."""
        try:
            return verdict_as_json(str(case.get("name", "")), simulate(case, browser))
        except (BadCase, KeyError) as error:
            return {"error": str(error)}

    @made.tool(annotations=looks)
    def rules(rule: str = "") -> dict[str, Any]:
        """List the rules, or return one rule's page."""
        if not rule:
            return {
                "rules": [{"id": each.id, "category": each.category, "summary": each.summary} for each in CATALOGUE]
            }
        text = page(rule)
        return {"page": text} if text is not None else {"error": f"there is no rule {rule}"}

    return made


def _written(changed: list[tuple[str, tuple[str, str]]]) -> list[str]:
    failed = []
    for name, (old, new) in changed:
        try:
            disk.write(name, old, new)
        except (OSError, Unreadable) as error:
            failed.append(f"{name}: {error}")
    return failed
