"""Which words are ids of rules: a typing error in a filter would hide what it does not mean."""

from __future__ import annotations

from corsmith.rules import CATALOGUE

OF_AUDITS = ("account-differs-from-project", "live-differs-from-model")
"""What only an audit finds, beside a project or beside what addresses answer."""


def rule_ids() -> tuple[str, ...]:
    """Return every id that a finding can have: the catalogue's, and those that only calls to a URL are judged by."""
    from corsmith.explain.causes import CAUSES, SYMPTOMATIC  # here, because ids of the catalogue are the usual ones

    rows = (row for table in (CAUSES, SYMPTOMATIC) for rows in table.values() for row in rows)
    live = ("preflight-blocked-in-front", "function-url-permission-missing")
    return tuple(sorted({rule.id for rule in CATALOGUE} | {row.rule for row in rows} | {*live, *OF_AUDITS}))


def wrong_id(rule: str) -> str | None:
    """Return what is wrong with `rule` as an id, as a sentence; None where a finding can have it."""
    if any(each.id == rule for each in CATALOGUE):
        return None
    ids = rule_ids()
    if rule in ids:
        return None
    import difflib

    close = difflib.get_close_matches(rule, ids, 1)
    meant = f" (is {close[0]} meant?)" if close else ""
    return f"there is no rule {rule!r}{meant}; `corsmith rules` lists them"
