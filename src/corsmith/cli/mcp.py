"""corsmith mcp: the tool server for agents."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

EPILOG = """\
Examples:

\b
  corsmith mcp
  corsmith mcp --root services/shop --write
"""


@click.command(epilog=EPILOG)
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    metavar="DIR",
    help="Folder that may be read; the current one without it.",
)
@click.option("--write", is_flag=True, help="Let the tool `fix` write; without it the server is read-only.")
@click.option("--allow-private", is_flag=True, help="Let the tool `check_url` call this machine and private networks.")
def command(root: Path, *, write: bool, allow_private: bool) -> None:
    """Serve check, fix, explain, simulate and the rules to agents, over the Model Context Protocol on stdio."""
    try:
        from corsmith.editor.agent import Allowed, server
    except ModuleNotFoundError:
        click.echo("corsmith: agents need one library more: pip install 'corsmith[mcp]'", err=True)
        sys.exit(2)
    os.chdir(root)
    server(Allowed(Path(), write, allow_private)).run("stdio")
