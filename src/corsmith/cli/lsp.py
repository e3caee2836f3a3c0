"""corsmith lsp: the language server."""

from __future__ import annotations

import sys

import click

EPILOG = """\
Example:

\b
  corsmith lsp        an editor starts it, and speaks with it on stdio
"""


@click.command(epilog=EPILOG)
def command() -> None:
    """Serve diagnostics, hovers, quick fixes and code lenses to editors, over the Language Server Protocol on stdio."""
    try:
        from corsmith.editor.language_server import language_server
    except ModuleNotFoundError:
        click.echo("corsmith: editors need one library more: pip install 'corsmith[lsp]'", err=True)
        sys.exit(2)
    language_server().start_io()
