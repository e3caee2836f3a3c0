"""The language server, spoken to by a real client over stdio."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, make_test_lsp_client

from .project import CODE, TEMPLATE, write


def talk(folder: Path, conversation: Callable[[LanguageClient], Awaitable[Any]]) -> Any:
    """Start `corsmith lsp` in another folder, open `folder`, and hold a conversation."""

    async def run() -> Any:
        client = make_test_lsp_client()
        config = ClientServerConfig(server_command=[sys.executable, "-m", "corsmith", "lsp"])
        await client.start_io(*config.server_command)
        try:
            await client.initialize_session(
                types.InitializeParams(
                    capabilities=types.ClientCapabilities(),
                    workspace_folders=[types.WorkspaceFolder(folder.as_uri(), "project")],
                )
            )
            return await asyncio.wait_for(conversation(client), 60)
        finally:
            await client.shutdown_session()
            await client.stop()

    return asyncio.run(run())


async def opened(client: LanguageClient, file: Path) -> list[types.Diagnostic]:
    uri = file.as_uri()
    client.text_document_did_open(
        types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "yaml", 1, file.read_text(encoding="utf-8")))
    )
    return await told(client, uri)


async def told(client: LanguageClient, uri: str) -> list[types.Diagnostic]:
    """Wait for the next diagnostics of a document."""
    client.diagnostics.pop(uri, None)
    while uri not in client.diagnostics:
        await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    return list(client.diagnostics[uri])


def change(client: LanguageClient, file: Path, text: str) -> None:
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            types.VersionedTextDocumentIdentifier(2, file.as_uri()),
            [types.TextDocumentContentChangeWholeDocument(text)],
        )
    )


def errors(found: list[types.Diagnostic]) -> list[str]:
    return [str(each.code) for each in found if each.severity == types.DiagnosticSeverity.Error]


def edited(text: str, edits: list[types.TextEdit]) -> str:
    """Apply edits as an editor does: positions count UTF-16 units."""
    lines = text.splitlines(keepends=True)

    def offset(position: types.Position) -> int:
        before = "".join(lines[: position.line])
        line = lines[position.line] if position.line < len(lines) else ""
        return len(before) + len(line.encode("utf-16-le")[: position.character * 2].decode("utf-16-le"))

    for edit in sorted(edits, key=lambda each: offset(each.range.start), reverse=True):
        text = text[: offset(edit.range.start)] + edit.new_text + text[offset(edit.range.end) :]
    return text


def test_a_fault_is_shown_explained_and_fixed(tmp_path: Path) -> None:
    file = write(tmp_path) / "template.yaml"

    async def conversation(client: LanguageClient) -> None:
        found = await opened(client, file)
        assert errors(found) == ["httpapi-no-cors-config"]
        (fault,) = [each for each in found if each.code == "httpapi-no-cors-config"]
        assert fault.range.start.line == 2
        assert fault.source == "corsmith"
        document = types.TextDocumentIdentifier(file.as_uri())
        hover = await client.text_document_hover_async(types.HoverParams(document, fault.range.start))
        assert hover is not None
        assert isinstance(hover.contents, types.MarkupContent)
        assert "has been blocked by CORS policy" in hover.contents.value
        assert "/docs/rules/httpapi-no-cors-config.md)" in hover.contents.value
        actions = await client.text_document_code_action_async(
            types.CodeActionParams(document, fault.range, types.CodeActionContext([fault]))
        )
        assert actions
        edit = actions[0].edit  # type: ignore[union-attr]
        assert edit is not None
        assert edit.changes is not None
        repaired = edited(TEMPLATE, list(edit.changes[file.as_uri()]))
        change(client, file, repaired)
        assert errors(await told(client, file.as_uri())) == []
        assert file.read_text(encoding="utf-8") == TEMPLATE
        change(client, file, TEMPLATE)
        assert errors(await told(client, file.as_uri())) == ["httpapi-no-cors-config"]

    talk(tmp_path, conversation)


def test_a_fix_that_is_asked_for_while_one_types_fits_what_was_typed(tmp_path: Path) -> None:
    file = write(tmp_path) / "template.yaml"

    async def conversation(client: LanguageClient) -> None:
        (fault,) = [each for each in await opened(client, file) if each.code == "httpapi-no-cors-config"]
        typed = "# What the shop serves.\n" + TEMPLATE
        change(client, file, typed)
        below = types.Position(fault.range.start.line + 1, fault.range.start.character)
        actions = await client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(file.as_uri()), types.Range(below, below), types.CodeActionContext([])
            )
        )
        assert actions
        edit = actions[0].edit  # type: ignore[union-attr]
        assert edit is not None
        assert edit.changes is not None
        repaired = edited(typed, list(edit.changes[file.as_uri()]))
        change(client, file, repaired)
        assert errors(await told(client, file.as_uri())) == []
        assert repaired.startswith("# What the shop serves.\nTransform:")

    talk(tmp_path, conversation)


def test_settings_that_are_wrong_are_said_where_people_look(tmp_path: Path) -> None:
    file = write(tmp_path) / "template.yaml"
    (tmp_path / "corsmith.toml").write_text('[policy]\norigin = "https://app.example.com"\n', encoding="utf-8")

    async def conversation(client: LanguageClient) -> list[str]:
        uri = file.as_uri()
        text = file.read_text(encoding="utf-8")
        client.text_document_did_open(types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "yaml", 1, text)))
        while not client.messages:
            await client.wait_for_notification(types.WINDOW_SHOW_MESSAGE)
        return [each.message for each in client.messages]

    (message,) = talk(tmp_path, conversation)
    assert "corsmith.toml" in message
    assert "origin" in message


def test_lenses_count_what_a_browser_lets_through(tmp_path: Path) -> None:
    file = write(tmp_path) / "template.yaml"

    async def conversation(client: LanguageClient) -> list[str]:
        await opened(client, file)
        lenses = await client.text_document_code_lens_async(
            types.CodeLensParams(types.TextDocumentIdentifier(file.as_uri()))
        )
        return [each.command.title for each in lenses or [] if each.command]

    titles = talk(tmp_path, conversation)
    assert len(titles) == 1
    assert titles[0].startswith("CORS of POST /items: ")
    assert "blocked" in titles[0]


def test_text_that_does_not_parse_yet(tmp_path: Path) -> None:
    """One types through states that mean nothing; the server says so and goes on."""
    file = write(tmp_path) / "template.yaml"

    async def conversation(client: LanguageClient) -> None:
        await opened(client, file)
        change(client, file, TEMPLATE.replace("Resources:", "Resources: [{"))
        broken = await told(client, file.as_uri())
        assert broken
        assert errors(broken) == []
        change(client, file, TEMPLATE)
        assert errors(await told(client, file.as_uri())) == ["httpapi-no-cors-config"]

    talk(tmp_path, conversation)


def test_code_that_is_not_saved_counts(tmp_path: Path) -> None:
    folder = write(tmp_path)
    template = TEMPLATE.replace("AWS::Serverless::HttpApi", "AWS::Serverless::Api").replace(
        "Type: HttpApi", "Type: Api"
    )
    template = template.replace("ApiId", "RestApiId").replace(
        "AWS::Serverless::Api\n",
        "AWS::Serverless::Api\n    Properties:\n      StageName: prod\n      Cors: \"'https://app.example.com'\"\n",
    )
    (folder / "template.yaml").write_text(template, encoding="utf-8")
    code = folder / "app.py"

    async def conversation(client: LanguageClient) -> None:
        found = await opened(client, code)
        assert "handler-missing-headers" in [each.code for each in found]
        headers = '"headers": {"Access-Control-Allow-Origin": "https://app.example.com"}, "body"'
        change(client, code, CODE.replace('"body"', headers))
        assert "handler-missing-headers" not in [each.code for each in await told(client, code.as_uri())]

    talk(folder, conversation)
