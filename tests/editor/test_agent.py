"""The tool server, spoken to by the official client over stdio."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

from .project import TEMPLATE, write

MESSAGE = (
    "Access to fetch at 'https://api.example.com/items' from origin 'https://app.example.com' has been blocked by CORS "
    "policy: No 'Access-Control-Allow-Origin' header is present on the requested resource."
)


def talk(folder: Path, conversation: Callable[[ClientSession], Awaitable[Any]], *flags: str) -> Any:
    """Start `corsmith mcp` on `folder` and hold a conversation."""
    command = ["-m", "corsmith", "mcp", "--root", str(folder), *flags]

    async def run() -> Any:
        async with (
            stdio_client(StdioServerParameters(command=sys.executable, args=command)) as (read, write_to),
            ClientSession(read, write_to) as session,
        ):
            await session.initialize()
            return await asyncio.wait_for(conversation(session), 60)

    return asyncio.run(run())


async def call(session: ClientSession, tool: str, **arguments: Any) -> Any:
    answer = await session.call_tool(tool, arguments)
    return json.loads(answer.content[0].text)  # type: ignore[union-attr]


def test_the_tools_and_what_they_may_do(tmp_path: Path) -> None:
    async def conversation(session: ClientSession) -> Any:
        return (await session.list_tools()).tools

    tools = {tool.name: tool for tool in talk(tmp_path, conversation)}
    assert set(tools) == {"check", "check_url", "fix", "explain", "simulate", "rules"}
    assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools.values())
    assert all(tool.description for tool in tools.values())
    writing = {tool.name: tool for tool in talk(tmp_path, conversation, "--write")}
    assert [name for name, tool in writing.items() if tool.annotations and not tool.annotations.read_only_hint] == [
        "fix"
    ]


def test_a_project_is_checked_and_its_fix_shown(tmp_path: Path) -> None:
    write(tmp_path)

    async def conversation(session: ClientSession) -> None:
        report = await call(session, "check")
        assert [each["rule"] for each in report["findings"] if each["severity"] == "error"] == [
            "httpapi-no-cors-config"
        ]
        assert "name it in origins" in (await call(session, "fix"))["error"]
        shown = await call(session, "fix", origins=["https://shop.example"])
        assert shown["diff"].startswith("--- ")
        assert "https://shop.example" in shown["diff"]
        assert (shown["written"], shown["left"], shown["problems"]) == (False, [], [])
        refused = await call(session, "fix", write=True)
        assert "read-only" in refused["error"]

    talk(tmp_path, conversation)
    assert (tmp_path / "template.yaml").read_text(encoding="utf-8") == TEMPLATE


def test_a_server_that_may_write_writes(tmp_path: Path) -> None:
    write(tmp_path)

    async def conversation(session: ClientSession) -> None:
        assert (await call(session, "fix", origins=["https://app.example.com"], write=True))["written"] is True
        report = await call(session, "check")
        assert report["summary"]["errors"] == 0

    talk(tmp_path, conversation, "--write")
    assert "CorsConfiguration" in (tmp_path / "template.yaml").read_text(encoding="utf-8")


def test_what_is_set_aside_is_left_alone_and_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "broken.yaml").write_text("Resources:\n  Api: {Type: 'AWS::Serverless::HttpApi'\n", encoding="utf-8")
    (tmp_path / "corsmith.toml").write_text('ignore = ["httpapi-no-cors-config"]\n', encoding="utf-8")

    async def conversation(session: ClientSession) -> None:
        shown = await call(session, "fix", origins=["https://shop.example"])
        assert (shown["diff"], shown["fixed"], shown["left"]) == ("", [], [])
        (problem,) = shown["problems"]
        assert problem.startswith("broken.yaml:")

    talk(tmp_path, conversation)


def test_nothing_outside_of_the_folder_is_read(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    write(tmp_path)
    (inside / "link").symlink_to(tmp_path)

    async def conversation(session: ClientSession) -> None:
        for path in ("..", "../template.yaml", str(tmp_path), "link", "link/template.yaml", "/etc/passwd"):
            assert "is outside of" in (await call(session, "check", path=path))["error"], path
            assert "is outside of" in (await call(session, "fix", path=path))["error"], path

    talk(inside, conversation)


def test_addresses_of_this_machine_are_not_called(tmp_path: Path) -> None:
    async def conversation(session: ClientSession) -> None:
        report = await call(session, "check_url", url="http://169.254.169.254/latest/meta-data/")
        assert (report["verdict"], report["exchanges"]) == ("undecided", [])
        assert "error" in await call(session, "check_url", url="file:///etc/passwd")

    talk(tmp_path, conversation)


def test_explaining_simulating_and_rules(tmp_path: Path) -> None:
    case = {"origin": "https://a.example", "request": {"method": "GET"}, "response": {"status": 200, "headers": []}}

    async def conversation(session: ClientSession) -> None:
        told = await call(session, "explain", text=MESSAGE)
        assert told["messages"][0]["error"] == "MissingAllowOriginHeader"
        assert (await call(session, "simulate", case=case))["allowed"] is False
        assert "error" in await call(session, "simulate", case={})
        assert "error" in await call(session, "simulate", case=case, browser="lynx")
        assert len((await call(session, "rules"))["rules"]) > 30
        assert (await call(session, "rules", rule="origin-mismatch"))["page"].startswith("# origin-mismatch")
        assert "error" in await call(session, "rules", rule="none")

    talk(tmp_path, conversation)
