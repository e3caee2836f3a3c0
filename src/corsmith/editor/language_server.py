"""The language server: checks as one types.

Each opened folder is checked with the texts that are not saved yet laid over the disk. A change waits for a moment of
quiet, and the check runs in a thread of its own, so that typing is never held up; what an older check says after a newer
change is dropped.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from corsmith import __version__
from corsmith.api.caller import CallerFlags
from corsmith.project.settings_file import Misconfigured

from . import diagnostics as shown
from .folder import reported

QUIET = 0.15
"""Seconds without a change before a check begins."""
PAGES = "https://github.com/corsmith/corsmith/blob/main/docs/rules/"


class CorsServer(LanguageServer):
    """A language server with the report of what is open."""

    def __init__(self, quiet: float = QUIET) -> None:
        super().__init__(
            "corsmith",
            __version__,
            text_document_sync_kind=types.TextDocumentSyncKind.Full,
        )
        self.quiet = quiet
        self.view: shown.View | None = None
        self._texts: dict[str, str] = {}
        self._change = 0
        self._published: set[str] = set()
        self._waiting: asyncio.Task[None] | None = None

    def put(self, uri: str, text: str | None) -> None:
        """Note the text of an open document, None where it was closed, and check soon."""
        path = path_of(uri)
        if path is None:
            return
        if text is None:
            self._texts.pop(path, None)
        else:
            self._texts[path] = text.removeprefix("\ufeff")
        self._change += 1
        self._waiting = asyncio.ensure_future(self._soon(self._change))

    async def _soon(self, change: int) -> None:
        await asyncio.sleep(self.quiet)
        if change != self._change:
            return
        texts = dict(self._texts)
        try:
            found = await asyncio.to_thread(reported, ".", CallerFlags(), texts)
        except Misconfigured as error:
            self.window_log_message(types.LogMessageParams(types.MessageType.Error, str(error)))
            return
        if change == self._change:
            self.view = shown.View(found, self._units, uri_of, PAGES)
            self._publish(self.view)
            with contextlib.suppress(Exception):
                # Not every editor takes this request.
                self.workspace_code_lens_refresh(None)

    def _units(self, text: str) -> int:
        return int(self.workspace.position_codec.client_num_units(text))

    def _publish(self, view: shown.View) -> None:
        report = view.report
        named = {span.file for finding in report.findings for span in finding.spans[:1]}
        named |= {problem.file for problem in report.problems}
        for file in sorted(named | self._published | set(self._texts)):
            told = shown.diagnostics(view, file)
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri_of(file), told))
        self._published = named


def path_of(uri: str) -> str | None:
    """Return the path of a `file:` URI relative to the current folder, None for what is no file below it."""
    parts = urlsplit(uri)
    if parts.scheme != "file":
        return None
    try:
        return Path(unquote(parts.path)).resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return None


def uri_of(file: str) -> str:
    """Return the `file:` URI of a path relative to the current folder."""
    return (Path.cwd() / file).as_uri()


def language_server(quiet: float = QUIET) -> CorsServer:
    """Return the server with its features."""
    server = CorsServer(quiet)

    @server.feature(types.INITIALIZE)
    def initialized(params: types.InitializeParams) -> None:
        folders = params.workspace_folders or []
        uri = folders[0].uri if folders else params.root_uri
        parts = urlsplit(uri or "")
        if parts.scheme == "file":
            os.chdir(unquote(parts.path))

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def opened(params: types.DidOpenTextDocumentParams) -> None:
        server.put(params.text_document.uri, params.text_document.text)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(params: types.DidChangeTextDocumentParams) -> None:
        document = server.workspace.get_text_document(params.text_document.uri)
        server.put(params.text_document.uri, document.source)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def saved(params: types.DidSaveTextDocumentParams) -> None:
        document = server.workspace.get_text_document(params.text_document.uri)
        server.put(params.text_document.uri, document.source)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(params: types.DidCloseTextDocumentParams) -> None:
        server.put(params.text_document.uri, None)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hover(params: types.HoverParams) -> types.Hover | None:
        file = path_of(params.text_document.uri)
        if server.view is None or file is None:
            return None
        text = shown.hover(server.view, file, params.position)
        return None if text is None else types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text))

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])
    )
    def actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        file = path_of(params.text_document.uri)
        if server.view is None or file is None:
            return []
        return shown.actions(server.view, file, params.range)

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    def lenses(params: types.CodeLensParams) -> list[types.CodeLens]:
        file = path_of(params.text_document.uri)
        return [] if server.view is None or file is None else shown.lenses(server.view, file)

    @server.command("corsmith.nothing")
    def nothing(*arguments: object) -> None:
        del arguments

    return server
