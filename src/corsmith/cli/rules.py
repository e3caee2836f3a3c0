"""corsmith rules: the catalogue, and one rule's page."""

from __future__ import annotations

import sys

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
        click.echo(f"corsmith: there is no rule {rule!r}; `corsmith rules` lists them", err=True)
        sys.exit(2)
    click.echo(text, nl=False)
