"""The language server: checks as one types.

The opened folder is checked with the texts that are not saved yet laid over the disk, in a thread of its own, so that
typing is never held up; what the check before remembered is not worked out again, and fixes are tried when somebody asks
for them. Where a check takes long all the same, it waits for a moment of quiet. What an older check says after a newer
change is dropped.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from corsmith import __version__
from corsmith.project.settings_file import Misconfigured

from . import diagnostics as shown
from .workbench import Workbench

FAST = 0.1
"""Seconds. Where a check takes no longer, each change is checked at once."""
QUIET = 0.15
"""Seconds without a change before a check begins, where checks take longer."""
REST = 2.0
"""Seconds without a change before memory is tidied."""
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
        self.renews_lenses = False
        """Whether the editor asks for code lenses again when it is told that they have changed."""
        self.view: shown.View | None = None
        self._workbench = Workbench()
        self._took = FAST
        self._texts: dict[str, str] = {}
        self._change = 0
        self._shown: dict[str, list[types.Diagnostic]] = {}
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
        if self._waiting is None or self._waiting.done():
            self._waiting = asyncio.ensure_future(self._keep_up())

    async def current(self) -> shown.View | None:
        """Return the report on the texts as they are now; an edit for older ones would land in the wrong place."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while self._waiting is not None and not self._waiting.done():
                    await asyncio.wait((self._waiting,))
                return self.view
        return None

    async def _keep_up(self) -> None:
        """Check until what was found is about the latest change."""
        while True:
            change = self._change
            await asyncio.sleep(self.quiet if self._took > FAST else 0)
            if change == self._change and await self._check(change):
                self._later(change)
                return

    def _later(self, change: int) -> None:
        """Tidy memory when nobody has typed for a while."""

        def rest() -> None:
            if change == self._change:
                self._workbench.rest()

        asyncio.get_running_loop().call_later(REST, rest)

    async def _check(self, change: int) -> bool:
        """Check, and say whether that was the latest change; what is found of an older one is dropped."""
        started = time.monotonic()
        try:
            found = await asyncio.to_thread(self._workbench.look, dict(self._texts))
        except Misconfigured as error:
            # Nothing is checked before it is mended, so it is said where people look.
            self.window_show_message(types.ShowMessageParams(types.MessageType.Error, f"corsmith: {error}"))
            return change == self._change
        except Exception as error:  # noqa: BLE001 - a defect must not end the server, and must not be silent
            self.window_log_message(types.LogMessageParams(types.MessageType.Error, f"corsmith: {error!r}"))
            return change == self._change
        self._took = time.monotonic() - started
        if change != self._change:
            return False
        self.view = shown.View(found.report, found.fixes, self._units, uri_of, PAGES)
        self._publish(self.view)
        if self.renews_lenses:
            self.workspace_code_lens_refresh(None)
        return True

    def _units(self, text: str) -> int:
        return int(self.workspace.position_codec.client_num_units(text))

    def _publish(self, view: shown.View) -> None:
        """Tell the diagnostics of the documents that are open, and of other files where they have changed."""
        report = view.report
        named = {span.file for finding in report.findings for span in finding.spans[:1]}
        named |= {problem.file for problem in report.problems}
        told = shown.by_file(view)
        for file in sorted(named | self._shown.keys() | set(self._texts)):
            found = told.get(file, [])
            if file in self._texts or found != self._shown.get(file, []):
                self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri_of(file), found))
        self._shown = {file: told[file] for file in named}


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
        workspace = params.capabilities.workspace
        lenses = workspace.code_lens if workspace is not None else None
        server.renews_lenses = lenses is not None and bool(lenses.refresh_support)
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
        text = await asyncio.to_thread(shown.hover, view, file, params.position)
        return None if text is None else types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text))

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])
    )
    async def actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        file, view = path_of(params.text_document.uri), await server.current()
        if view is None or file is None:
            return []
        return await asyncio.to_thread(shown.actions, view, file, params.range)

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    async def lenses(params: types.CodeLensParams) -> list[types.CodeLens]:
        file, view = path_of(params.text_document.uri), await server.current()
        return [] if view is None or file is None else shown.lenses(view, file)

    @server.command("corsmith.nothing")
    def nothing(*arguments: object) -> None:
        del arguments

    return server
