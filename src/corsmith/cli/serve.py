"""corsmith serve: the tester as a web page."""

from __future__ import annotations

import logging
import sys

import click

EPILOG = """\
Examples:

\b
  corsmith serve
  corsmith serve --allow-private     # for APIs on this machine (corsmith dev)
  corsmith serve --host 0.0.0.0 --trusted-proxies 1
"""
MISSING = "corsmith: the page needs a few libraries more: pip install 'corsmith[web]'"


@click.command(epilog=EPILOG)
@click.option("--host", default="127.0.0.1", show_default=True, metavar="H", help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, metavar="N", help="Port; 0: any free one."
)
@click.option(
    "--allow-private", is_flag=True, help="Call servers on this machine and in private networks too; loopback only."
)
@click.option("--send", is_flag=True, help="Make calls that may have effects too, not only their preflights.")
@click.option(
    "--trusted-proxies",
    type=click.IntRange(0, 10),
    default=0,
    show_default=True,
    metavar="N",
    help="How many proxies in front may be believed about the visitor's address.",
)
def command(host: str, port: int, *, allow_private: bool, send: bool, trusted_proxies: int) -> None:
    """Serve the tester page: what corsmith check URL does, for people who will not install anything."""
    try:
        from corsmith.web.run import listening, run
    except ModuleNotFoundError:
        click.echo(MISSING, err=True)
        sys.exit(2)
    from corsmith.web.serving import Serving, is_loopback

    if allow_private and not is_loopback(host):
        raise click.UsageError(
            f"--allow-private lets visitors reach this machine's network, so it listens on loopback only, not on {host}. "
            "Leave out one of the two."
        )
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(message)s")
    try:
        opened = listening(host, port)
    except OSError as error:
        click.echo(f"corsmith: cannot listen on {host}:{port}: {error.strerror or error}", err=True)
        sys.exit(2)
    address = opened.getsockname()
    shown = f"[{address[0]}]" if ":" in address[0] else address[0]
    click.echo(f"http://{shown}:{address[1]}/")
    sys.stdout.flush()
    run(opened, Serving(allow_private=allow_private, send=send, trusted_proxies=trusted_proxies))
