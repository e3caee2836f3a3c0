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
PATIENCE = 5.0
"""Seconds that a question waits for a check that is under way."""
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

    async def current(self) -> shown.View | None:
        """Return the report on the texts as they are now; an edit for older ones would land in the wrong place."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while self._waiting is not None and not self._waiting.done():
                    await asyncio.wait((self._waiting,))
                return self.view
        return None

    async def _soon(self, change: int) -> None:
        await asyncio.sleep(self.quiet)
        if change != self._change:
            return
        texts = dict(self._texts)
        try:
            found = await asyncio.to_thread(reported, ".", CallerFlags(), texts)
        except Misconfigured as error:
            # Nothing is checked before it is mended, so it is said where people look.
            self.window_show_message(types.ShowMessageParams(types.MessageType.Error, f"corsmith: {error}"))
            return
        except Exception as error:  # noqa: BLE001 - a defect must not end the server, and must not be silent
            self.window_log_message(types.LogMessageParams(types.MessageType.Error, f"corsmith: {error!r}"))
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
    async def hover(params: types.HoverParams) -> types.Hover | None:
        file, view = path_of(params.text_document.uri), await server.current()
        if view is None or file is None:
            return None
        text = shown.hover(view, file, params.position)
        return None if text is None else types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text))

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])
    )
    async def actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        file, view = path_of(params.text_document.uri), await server.current()
        return [] if view is None or file is None else shown.actions(view, file, params.range)

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    async def lenses(params: types.CodeLensParams) -> list[types.CodeLens]:
        file, view = path_of(params.text_document.uri), await server.current()
        return [] if view is None or file is None else shown.lenses(view, file)

    @server.command("corsmith.nothing")
    def nothing(*arguments: object) -> None:
        del arguments

    return server
