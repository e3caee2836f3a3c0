"""corsmith dev: the project's own functions behind front doors that answer as AWS does."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import resource
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .help import LongCommand
from .options import settings_for, template_options, template_values

if TYPE_CHECKING:
    from corsmith.api.exchange import Request, Response
    from corsmith.api.model import FrontDoor
    from corsmith.local.gateway import Seen
    from corsmith.local.jwt import Key
    from corsmith.local.opinions import Opinions
    from corsmith.local.server import Options, Server
    from corsmith.local.verdict import Opinion

FILES = 8192
"""Files and connections that may be open at once, where the system allows it."""

EPILOG = """\
Examples:

\b
  corsmith dev .
  corsmith dev template.yaml --reload --port 8080
  corsmith dev . --auth fake --front-door ShopApi
"""


USUAL = ("port", "reloads", "front_door", "auth", "parameters", "stage", "manual_deploy")
"""The options that --help shows; --help-all shows all."""


@click.command(cls=LongCommand, usual=USUAL, epilog=EPILOG)
@click.argument("path", metavar="PATH")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=3000, show_default=True, help="First port. 0: any free ones."
)
@click.option("--reload", "reloads", is_flag=True, help="Take changes with the next request.")
@click.option("--front-door", metavar="NAME", help="Serve only this one: its logical id, or its kind.")
@click.option("--manual-deploy", is_flag=True, help="Hold back changes of REST APIs until they are deployed.")
@click.option(
    "--auth", type=click.Choice(["real", "fake"]), default="real", show_default=True, help="How callers are judged."
)
@click.option(
    "--jwks", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Keys that verify tokens, as JWKS."
)
@template_options
@click.option("--python", metavar="P", help="Python that runs the functions; default: the project's .venv.")
@click.option("--node", metavar="P", help="Node.js that runs the functions; default: the one on PATH.")
@click.option(
    "--clock",
    type=click.FloatRange(0.001, 1000),
    default=1.0,
    metavar="N",
    help="Let time limits run N times as fast; default: 1.",
)
@click.option("--pass-credentials", is_flag=True, help="Give the functions your own AWS credentials.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(path: str, **options: Any) -> None:
    """Serve the functions of the templates under PATH behind local front doors.

    Each API gets an address of its own on 127.0.0.1. It answers as AWS would: preflights, errors, missing and doubled
    headers included.

    Exit code: 0 when it is ended, 2 when there is nothing to serve.
    """
    from corsmith.api.tree import Unreadable
    from corsmith.local.launch import CannotStart
    from corsmith.local.loop import run
    from corsmith.local.server import NothingToServe

    try:
        run(_serve(_options(path, options), options["form"]))
    except (NothingToServe, CannotStart, Unreadable) as problem:
        _fail(str(problem))
    except OSError as error:
        why = os.strerror(error.errno).lower() if error.errno else error
        _fail(f"port {options['port']} on 127.0.0.1 cannot be used: {why}; choose another --port")


def _options(path: str, given: dict[str, Any]) -> Options:
    from corsmith.local.server import Options
    from corsmith.project.configuration import values_of

    return Options(
        target=path,
        port=given["port"],
        front_door=given["front_door"],
        auth=given["auth"],
        keys=_keys(given["jwks"]),
        reload=given["reloads"] or given["manual_deploy"],
        manual_deploy=given["manual_deploy"],
        python=given["python"],
        node=given["node"],
        real_credentials=given["pass_credentials"],
        clock=given["clock"],
        settings=values_of(template_values(given), settings_for(path)),
    )


def _keys(file: Path | None) -> tuple[Key, ...]:
    from corsmith.local.jwt import read_keys

    if file is None:
        return ()
    try:
        return read_keys(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise click.BadParameter(f"{file} is no JSON Web Key Set: {error}", param_hint="--jwks") from None


async def _serve(options: Options, form: str) -> None:
    from corsmith.local.opinions import Opinions
    from corsmith.local.server import Server

    _allow_many_connections()
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    opinions = Opinions(options.settings)
    seen = _say_nothing if form == "json" else _log(opinions)
    server = Server(options, lambda message: click.echo(message, err=True), seen, opinions)
    try:
        await server.start()
        (_announce_json if form == "json" else _announce_text)(server)
        _collect_garbage_early()
        await stop.wait()
    finally:
        await server.close()


def _collect_garbage_early() -> None:
    # Each connection leaves a cycle of asyncio's behind, and the other commands, which end soon, collect late.
    gc.freeze()
    gc.set_threshold(1_000, 5, 5)


def _allow_many_connections() -> None:
    # Many systems begin with 256 or 1024 open files, and let a program raise that.
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _announce_json(server: Server) -> None:
    for address in server.addresses:
        click.echo(json.dumps({"front_door": address.front_door, "api": address.api, "url": address.url}))
    click.echo(json.dumps({"ready": True}))


def _announce_text(server: Server) -> None:
    from corsmith.local.listing import KINDS, listing
    from corsmith.local.server import PLACE

    for address, front_door in server.front_doors:
        click.echo(f"{address.url}  {KINDS[address.front_door]} {address.api}")
        for line in listing(front_door):
            click.echo(f"  {line}")
        click.echo()
    place = server.addresses[0].url.split("/")[2]
    click.echo(f"Ready. The last exchanges are at http://{place}{PLACE}; press Ctrl+C to end.")


def _log(opinions: Opinions) -> Seen:
    from corsmith.local.exchange_log import ExchangeLog

    return ExchangeLog(opinions, _log_line)


def _log_line(opinion: Opinion, summary: str, times: int) -> None:
    word = click.style("allowed", fg="green") if opinion.allowed else click.style("BLOCKED", fg="red")
    click.echo(f"{word}  {summary}{f'  ({times} times)' if times > 1 else ''}", err=True)
    for line in (opinion.console, _why(opinion)):
        if line:
            click.echo(f"         {line}", err=True)


def _why(opinion: Opinion) -> str:
    cause = opinion.cause
    if cause is None:
        return opinion.step
    return f"{click.style(cause.rule, bold=True)}{f' at {cause.place}' if cause.place else ''}: {cause.message}"


def _say_nothing(front_door: FrontDoor, request: Request, response: Response) -> None:
    del front_door, request, response


def _fail(message: str) -> None:
    click.echo(f"corsmith dev: {message}", err=True)
    sys.exit(2)
