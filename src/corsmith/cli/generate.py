"""corsmith generate: one policy as configuration to paste."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .help import LongCommand
from .options import fail, settings_for
from .policy import pages_of, policy_options

if TYPE_CHECKING:
    from lambda_cors import Policy

    from corsmith.project.configuration import Pages

EPILOG = """\
Examples:

\b
  corsmith generate --for sam --front-door http_api --origin https://app.test
  corsmith generate --for python --front-door rest_api
"""

TARGETS = ("sam", "cloudformation", "cdk", "serverless", "terraform", "openapi", "aws-cli", "console", "python", "node")
FRONT_DOORS = ("rest_api", "http_api", "function_url", "alb", "cloudfront")


USUAL = ("target", "front_door", "origins", "methods", "headers", "credentials")
"""The options that --help shows; --help-all shows all."""


@click.command(cls=LongCommand, usual=USUAL, epilog=EPILOG)
@click.option("--for", "target", type=click.Choice(TARGETS), required=True, help="What it is for.")
@click.option(
    "--front-door", type=click.Choice(FRONT_DOORS), required=True, metavar="D", help=f"One of {', '.join(FRONT_DOORS)}."
)
@policy_options
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it to a file.")
def command(target: str, front_door: str, **options: Any) -> None:
    """Write one policy as configuration to paste.

    The policy is what the flags say, and corsmith.toml where they are silent.

    What the front door cannot say is refused. Exit code: 0, or 2 when there is no such configuration.
    """
    from corsmith.generate import CannotSay, generate

    if options["path"] is not None:
        raise click.UsageError("--path narrows a check; a policy is for every path.")
    policy = _policy(pages_of(options, settings_for(".").policy))
    try:
        text = generate(target, front_door, policy)
    except CannotSay as error:
        fail(f"{target} for {front_door}: {error}")
    if options["output"] is None:
        click.echo(text, nl=False)
        return
    from .output import write_whole

    try:
        write_whole(options["output"], text)
    except OSError as error:
        fail(f"--output {options['output']}: cannot be written: {error.strerror or error}")


def _policy(pages: Pages) -> Policy:
    from lambda_cors import Policy, PolicyError

    from corsmith.project.configuration import header_name

    if not pages.origins:
        fail("whose pages? Name their origins with --origin, or in corsmith.toml (corsmith init writes it)")
    try:
        return Policy(
            origins=pages.origins,
            methods=pages.methods,
            request_headers=tuple(header_name(text) for text in pages.headers),
            response_headers=pages.expose_headers,
            credentials=bool(pages.credentials),
            max_age=pages.max_age,
        )
    except PolicyError as error:
        from corsmith.generate import said

        wrong = (f"{each.field}: {said(each)}; {each.fix} [{each.code}]" for each in error.problems)
        fail("\n  ".join(["this policy cannot be used", *wrong]))
