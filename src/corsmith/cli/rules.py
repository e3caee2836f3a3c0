"""corsmith rules: the catalogue, and one rule's page."""

from __future__ import annotations

import click

EPILOG = """\
Examples:

\b
  corsmith rules
  corsmith rules rest-no-options-method
"""


@click.command(epilog=EPILOG)
@click.argument("rule", required=False)
def command(rule: str | None) -> None:
    """List the rules, or print one rule's page."""
    from corsmith.rules import CATALOGUE

    if rule is None:
        width = max(len(each.id) for each in CATALOGUE)
        for each in sorted(CATALOGUE, key=lambda one: one.id):
            click.echo(f"{each.id.ljust(width)}  {each.category:8}  {each.summary}")
        return
    from corsmith.report.pages import page

    text = page(rule)
    if text is None:
        from corsmith.project.rule_names import wrong_id

        from .options import fail

        fail(
            wrong_id(rule) or f"{rule} has no page of its own: what an audit or a call to a URL finds says all there is"
        )
    click.echo(text, nl=False)
